import type { EventObject } from 'xstate'
import { ticks } from './simulated-clock.js'
import type { CrashPoint, Step } from './steps.js'
import type { World } from './world.js'

/** Turns of the promise queue within which an event is applied, committed, and its effects are begun. */
const LONGEST_TURN_TICKS = 200

/** Takes a step in the world where everything is interrupted. */
export async function interrupt(world: World, step: Step): Promise<void> {
  if (step.do === 'advance') return world.clock.advance(step.ms, () => world.calm())
  if (step.do === 'send') return world.send(step.event)
  // One that has ended cannot be interrupted any more.
  if (!world.lives) return undisturbed(world, step)
  const { service } = world
  const hold = async (during: () => Promise<void>) => {
    await until(world, service.pause())
    await during()
    await until(world, service.resume())
  }
  switch (step.do) {
    case 'pause':
      return hold(async () => {})
    case 'overlap':
      return hold(async () => {
        await until(world, service.pause('another'))
        await until(world, service.resume())
        await until(world, service.pause())
        await until(world, service.resume('another'))
      })
    case 'pauseAndSend':
      return hold(() => world.send(step.event))
    case 'frozen':
      return hold(async () => world.clock.jump(step.ms))
    case 'kill':
      world.kill()
      return world.begin()
    case 'stop':
      await until(world, service.stop())
      await until(world, world.supervisor.close())
      return world.begin()
    case 'sleep':
      world.supervisor.letGoIdle()
      await until(world, world.supervisor.get(service.key))
      return
    case 'checkpoint':
      return until(world, service.checkpoint())
    case 'crash':
      return crash(world, step.at, step.event)
    case 'storeFails': {
      const key = world.nextKey()
      world.store.next('refusal')
      await world.send(step.event, key)
      world.store.next('written')
      if (service.getSnapshot().value === 'failed') await until(world, service.retry())
      return world.send(step.event, key)
    }
  }
}

/** Takes a step in the world of the twin: only what the author's world does. */
export async function undisturbed(world: World, step: Step): Promise<void> {
  if (step.do === 'advance') return world.clock.advance(step.ms, () => world.calm())
  if (step.do === 'frozen') {
    world.clock.jump(step.ms)
    return world.clock.advance(0, () => world.calm())
  }
  if ('event' in step) return world.send(step.event)
}

async function crash(world: World, at: CrashPoint, event: EventObject): Promise<void> {
  const key = world.nextKey()
  if (at === 'during-effect') {
    world.outside.onEffect = () => {
      world.outside.onEffect = undefined
      world.kill()
    }
  } else world.store.next(at === 'before-commit' ? 'death-before' : 'death-after')
  void world.service.send(event, { key }).catch(() => {})
  // Nobody answers a sender whose process has died: it waits as long as anything can take.
  await ticks(LONGEST_TURN_TICKS)
  world.outside.onEffect = undefined
  world.kill()
  await world.begin()
  await world.send(event, key)
}

/** Waits for an answer of the library's, and for the world to come to rest after it, whatever the answer is. */
async function until(world: World, answer: Promise<unknown>): Promise<void> {
  await answer.catch(() => {})
  await world.calm()
}
