import type { EventObject } from 'xstate'
import { type Resumption, resumptionAfter } from '../plans/resumption.js'
import type { Step, TwinStep } from '../plans/steps.js'
import { isDueStep, isInterruption, twinStep } from '../plans/steps.js'
import { duringEvent } from './during-event.js'
import { duringTime } from './during-time.js'
import { hold, restart, until } from './hold.js'
import type { World } from './world.js'

/** After these a service goes on from an earlier checkpoint, in which its timers had more time left. */
const LOSING: readonly Step['do'][] = [
  'kill',
  'crash',
  'upgrade',
  'clockBack',
  'secondOwner',
  'storeFails',
  'storeFull',
  'storeTears',
]

/** Takes a step in the world where everything is interrupted. False: it could not be interrupted there and then. */
export async function interrupt(world: World, step: Step): Promise<boolean> {
  const took = await interrupted(world, step)
  await world.fireDue()
  await told(world, resumptionAfter(step))
  return took
}

async function interrupted(world: World, step: Step): Promise<boolean> {
  if (!isInterruption(step) || !world.lives) {
    // One that has ended cannot be interrupted any more.
    await taken(world, twinStep(step))
    return false
  }
  if (world.loses && LOSING.includes(step.do)) {
    // What is left of a timer of policy `remaining` is what it was at the last checkpoint.
    await until(world, 'take a checkpoint', world.process.checkpoint())
  }
  if (isDueStep(step)) return duringTime(world, step)
  if ('event' in step) {
    await duringEvent(world, step)
    return true
  }
  switch (step.do) {
    case 'pause':
      await hold(world)
      return true
    case 'overlap':
      await hold(world, async ({ process }) => {
        await until(world, 'hold again, release once', process.pause('another'))
        await until(world, 'hold, release again', process.resume())
        await until(world, 'hold', process.pause())
        await until(world, 'release', process.resume('another'))
      })
      return true
    case 'frozen':
      await hold(world, async () => world.jump(step.ms))
      return true
    case 'kill':
      await restart(world)
      return true
    case 'upgrade':
      await restart(world, () => world.upgrade())
      return true
    case 'clockBack':
      await restart(world, () => world.clock.setBack(step.ms))
      return true
    case 'clockStands':
      await world.advance(step.ms, { stands: true })
      return true
    case 'stop':
      await stop(world)
      return true
    case 'sleep':
      return sleep(world)
    case 'checkpoint':
      await until(world, 'take a checkpoint', world.process.checkpoint())
      return true
  }
}

/** Takes a step in the world of the twin. */
export async function undisturbed(world: World, step: TwinStep): Promise<void> {
  await taken(world, step)
  await world.fireDue()
  await told(world, step.resumed)
}

/** Tells it what has interrupted it, where its definition asks for that. */
async function told(world: World, resumed: Resumption | undefined): Promise<void> {
  const type = world.standIn.definition.resumedEvent
  if (type === undefined || resumed === undefined) return
  // With the fields that `resumedEvent` promises.
  await world.send({ type, ...resumed } as EventObject)
  await world.fireDue()
}

async function taken(world: World, step: TwinStep | undefined): Promise<void> {
  if (step === undefined || step.do === 'rest') return
  if (step.do === 'renew') return world.process.moveTimers(0)
  if (step.do === 'send') {
    if (step.renewed === true) await world.process.moveTimers(0)
    await world.send(step.event)
    return
  }
  if (step.do === 'advance') return world.advance(step.ms)
  if (step.do === 'retry') return retry(world)
  if (step.do === 'upgrade') {
    world.upgrade()
    return stop(world)
  }
  const byMs = step.do === 'jump' ? step.ms : -step.ms
  if (step.do === 'jump') world.jump(step.ms)
  else world.clock.setBack(step.ms)
  await world.process.moveTimers(byMs)
  return world.advance(0)
}

/** Goes on after a failure, where there is one; who gets no answer asks again. */
async function retry(world: World): Promise<void> {
  if (world.process.failure === undefined) return
  world.tell('you', 'service', 'retry')
  await world.process.retry()
  if (await world.settle()) await retry(world)
}

/** Stops in order, and starts again in another process. */
async function stop(world: World): Promise<void> {
  await until(world, 'stop', world.process.stop())
  await until(world, 'close', world.process.close())
  await restart(world)
}

/** Let go from memory, unless something keeps it there, and needed again. */
async function sleep(world: World): Promise<boolean> {
  const slept = world.process.sleep()
  await until(world, 'let go from memory, and wake', slept)
  return slept
}
