import { defineService, type TimerPolicy } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, raise, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

const waiting = setup({ delays: { patience: 10_000 } }).createMachine({
  id: 'waiting',
  initial: 'on',
  states: { on: { after: { patience: 'over' } }, over: {} },
})

const life = (timers: TimerPolicy | Record<string, TimerPolicy>) =>
  new Life(defineService({ id: 'timers', version: 1, machine: waiting, timers }))

/** Waits 4 s, is away for `awayMs`, and says how long it then takes: at most `upToMs`. */
async function leftAfter(
  one: ReturnType<typeof life>,
  awayMs: number,
  leave: 'pause' | 'kill',
): Promise<number> {
  let service = await one.start()
  await one.clock.advance(4000)
  if (leave === 'pause') await service.pause()
  else {
    await service.checkpoint()
    one.kill()
  }
  one.clock.jump(awayMs)
  if (leave === 'pause') await service.resume()
  else service = await one.start()
  await settle()
  let waitedMs = 0
  while (service.machine.getSnapshot().value === 'on') {
    await one.clock.advance(500)
    waitedMs += 500
  }
  return waitedMs
}

describe.each(['pause', 'kill'] as const)('after a %s', (leave) => {
  test('a deadline is the wall clock’s: the time away counts', async () => {
    expect(await leftAfter(life('deadline'), 1000, leave)).toBe(5000)
  })

  test('a deadline that passed fires at once', async () => {
    expect(await leftAfter(life('deadline'), 86_400_000, leave)).toBe(0)
  })

  test('`remaining` stands still meanwhile', async () => {
    expect(await leftAfter(life('remaining'), 86_400_000, leave)).toBe(6000)
  })

  test('`restart` begins again', async () => {
    expect(await leftAfter(life('restart'), 1000, leave)).toBe(10_000)
  })

  test('a policy may be given by the delay’s name, and by default for the rest', async () => {
    expect(await leftAfter(life({ patience: 'restart', default: 'deadline' }), 1000, leave)).toBe(10_000)
    expect(await leftAfter(life({ default: 'remaining' }), 1000, leave)).toBe(6000)
    expect(await leftAfter(life({}), 1000, leave)).toBe(5000)
  })
})

test('`remaining` stands still though the checkpoint is written again meanwhile', async () => {
  const one = life('remaining')
  const service = await one.start()
  await one.clock.advance(4000)
  await service.pause()
  one.clock.jump(86_400_000)
  const again = await one.restart()
  one.clock.jump(86_400_000)
  await again.pause('maintenance')
  await again.resume('maintenance')
  await again.resume()
  await one.clock.advance(5999)
  expect(again.machine.getSnapshot().value).toBe('on')
  await one.clock.advance(1)
  expect(again.machine.getSnapshot().value).toBe('over')
})

test('a clock that was set back waits for the wall clock', async () => {
  const one = life('deadline')
  const service = await one.start()
  await one.clock.advance(4000)
  await service.pause()
  one.clock.jump(-3000)
  await service.resume()
  await one.clock.advance(8999)
  expect(service.machine.getSnapshot().value).toBe('on')
  await one.clock.advance(1)
  expect(service.machine.getSnapshot().value).toBe('over')
})

test('what became due while it was away comes in the order of due times, between the events that waited', async () => {
  const machine = setup({
    types: {
      context: {} as { heard: string[] },
      events: {} as { type: 'E1' } | { type: 'E2' } | { type: 'T1' } | { type: 'T2' } | { type: 'ARM' },
    },
    actions: { hear: assign({ heard: ({ context, event }) => [...context.heard, event.type] }) },
  }).createMachine({
    context: { heard: [] },
    on: {
      ARM: {
        actions: [
          raise({ type: 'T2' }, { delay: 2000, id: 't2' }),
          raise({ type: 'T1' }, { delay: 1000, id: 't1' }),
        ],
      },
      '*': { actions: 'hear' },
    },
  })
  const one = new Life(defineService({ id: 'order', version: 1, machine }))
  const service = await one.start()
  await service.send({ type: 'ARM' })
  await service.pause()
  one.clock.jump(1500)
  await service.send({ type: 'E1' })
  one.clock.jump(1000)
  await service.send({ type: 'E2' })
  one.clock.jump(1000)
  const again = await one.restart()
  await again.resume()
  expect(again.machine.getSnapshot().context.heard).toEqual(['T1', 'E1', 'T2', 'E2'])
})

test.each([
  [-5, 0],
  [0, 0],
  [Number.NaN, 0],
  [2 ** 31, 2 ** 31],
  [3 * 2 ** 31, 3 * 2 ** 31],
])('a delay of %d ms is waited %d ms', async (delay, expectedMs) => {
  const machine = setup({
    types: { context: {} as { at: number } },
    delays: { some: delay },
  }).createMachine({
    context: { at: 0 },
    initial: 'on',
    states: { on: { after: { some: 'over' } }, over: {} },
  })
  const one = new Life(defineService({ id: 'delays', version: 1, machine }))
  const service = await one.start()
  if (expectedMs > 0) {
    await one.clock.advance(expectedMs - 1)
    expect(service.machine.getSnapshot().value).toBe('on')
  }
  await one.clock.advance(1)
  expect(service.machine.getSnapshot().value).toBe('over')
})

test('an endless delay never fires, and keeps nobody from going on', async () => {
  const machine = setup({ delays: { never: Number.POSITIVE_INFINITY } }).createMachine({
    initial: 'on',
    states: { on: { after: { never: 'over' }, on: { GO: 'gone' } }, over: {}, gone: {} },
  })
  const one = new Life(defineService({ id: 'never', version: 1, machine }))
  await one.start()
  const again = await one.restart()
  await one.clock.advance(1e12)
  expect(again.machine.getSnapshot().value).toBe('on')
  await again.send({ type: 'GO' })
  expect(again.machine.getSnapshot().value).toBe('gone')
})
