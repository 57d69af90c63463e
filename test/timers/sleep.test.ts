import { defineService, type SupervisorOptions, type TimerPolicy } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { collected } from '../kit/garbage.js'
import { Life } from '../kit/kill.js'

const startedAtMs = 1_000_000

/** Waits 10 s, and says when it was over. */
function waiting(timers: TimerPolicy, options: Partial<SupervisorOptions> = {}) {
  const overAtMs: number[] = []
  const machine = setup({
    types: { context: {} as { poked: number }, events: {} as { type: 'POKE' } },
    delays: { patience: 10_000 },
    actions: { over: () => void overAtMs.push(life.clock.now() - startedAtMs) },
  }).createMachine({
    context: { poked: 0 },
    initial: 'on',
    on: { POKE: { actions: assign({ poked: ({ context }) => context.poked + 1 }) } },
    states: { on: { after: { patience: { target: 'over', actions: 'over' } } }, over: {} },
  })
  const life = new Life(defineService({ id: 'waiting', version: 1, machine, timers }), undefined, options)
  return { life, overAtMs }
}

type Waiting = ReturnType<typeof waiting>

/** Lets it go from memory, and time pass. */
async function sleep({ life }: Waiting, forMs: number): Promise<void> {
  await settle()
  expect(life.supervisor.letGoIdle()).toBe(1)
  await life.clock.advance(forMs)
}

/** Starts it, lets 2 s pass and has it sleep 3 s; nobody holds it any more. */
async function forgotten(one: Waiting): Promise<void> {
  const reference = await (async () => {
    const service = await one.life.start()
    await one.life.clock.advance(2000)
    return new WeakRef(service)
  })()
  await sleep(one, 3000)
  await collected(reference)
}

describe.each(['deadline', 'remaining', 'restart'] as const)('%s: the time asleep counts', (policy) => {
  test('when the timer itself wakes it', async () => {
    const one = waiting(policy)
    const service = await one.life.start()
    await one.life.clock.advance(2000)
    await sleep(one, 60_000)
    expect(service.machine.getSnapshot().value).toBe('over')
    expect(one.overAtMs).toEqual([10_000])
  })

  test('when an event wakes it, however often', async () => {
    const one = waiting(policy)
    const service = await one.life.start()
    for (const poked of [1, 2, 3]) {
      await one.life.clock.advance(1000)
      await sleep(one, 2000)
      await service.send({ type: 'POKE' })
      expect(service.machine.getSnapshot()).toMatchObject({ value: 'on', context: { poked } })
    }
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([10_000])
  })

  test('when somebody asks for it', async () => {
    const one = waiting(policy)
    await one.life.start()
    await sleep(one, 3000)
    const service = await one.life.supervisor.get('life')
    await one.life.clock.advance(60_000)
    expect([service.machine.getSnapshot().value, one.overAtMs]).toEqual(['over', [10_000]])
  })

  test('when the timer wakes one that nobody holds any more', async () => {
    const one = waiting(policy)
    await forgotten(one)
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([10_000])
  })

  test('when somebody asks for one that nobody held any more', async () => {
    const one = waiting(policy)
    await forgotten(one)
    const service = await one.life.supervisor.get('life')
    expect(service.machine.getSnapshot().value).toBe('on')
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([10_000])
  })

  test('when somebody starts one that nobody held any more', async () => {
    const one = waiting(policy)
    await forgotten(one)
    await one.life.supervisor.start(one.life.definition, { key: 'life' })
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([10_000])
  })

  const leftMs = { deadline: 4000, remaining: 5000, restart: 10_000 }[policy]

  test('after a life that began late, whose checkpoint knows of the one before alone', async () => {
    const one = waiting(policy)
    const service = await one.life.start()
    await one.life.clock.advance(2000)
    await service.checkpoint()
    one.life.kill()
    one.life.clock.jump(4000)
    const again = await one.life.start()
    await sleep(one, 1000)
    await again.send({ type: 'POKE' })
    await one.life.clock.advance(60_000)
    const leftMs = { deadline: 4000, remaining: 8000, restart: 10_000 }[policy]
    expect(one.overAtMs).toEqual([6000 + leftMs])
  })

  test('up to the pause that ends it, which is a pause like any other', async () => {
    const one = waiting(policy)
    const service = await one.life.start()
    await one.life.clock.advance(2000)
    await sleep(one, 3000)
    await service.pause()
    one.life.clock.jump(1000)
    await service.resume()
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([6000 + leftMs])
  })

  test('up to the stop that ends it', async () => {
    const one = waiting(policy)
    const service = await one.life.start()
    await one.life.clock.advance(2000)
    await sleep(one, 3000)
    await service.stop()
    one.life.clock.jump(1000)
    await one.life.start()
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([6000 + leftMs])
  })

  test('up to the hold of a platform into which it wakes', async () => {
    const platform = manualHost()
    const one = waiting(policy, { host: platform.host })
    const service = await one.life.start()
    await one.life.clock.advance(2000)
    await sleep(one, 1000)
    await platform.interrupt('frozen')
    one.life.clock.jump(2000)
    await service.send({ type: 'POKE' })
    expect(service.getSnapshot().value).toBe('paused')
    one.life.clock.jump(1000)
    await platform.release('frozen')
    // A release waits for nobody to run again.
    await settle()
    await one.life.clock.advance(60_000)
    expect(one.overAtMs).toEqual([6000 + leftMs])
  })
})

test.each([false, true])(
  'a pause after a sleep leaves of `remaining` what was left when it came; an event while paused: %s',
  async (event) => {
    const one = waiting('remaining')
    const service = await one.life.start()
    await sleep(one, 1000)
    await service.send({ type: 'POKE' })
    await one.life.clock.advance(3000)
    await service.pause()
    if (event) await service.send({ type: 'POKE' })
    await one.life.clock.advance(60_000)
    await service.resume()
    await one.life.clock.advance(5999)
    expect(one.overAtMs).toEqual([])
    await one.life.clock.advance(1)
    expect(one.overAtMs).toEqual([70_000])
  },
)
