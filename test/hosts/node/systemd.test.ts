import { constants } from 'node:os'
import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test, vi } from 'vitest'
import { nodeHostOn } from '../../../src/hosts/node/host.js'
import { serviceManager } from '../../../src/hosts/node/systemd.js'
import { settle } from '../../kit/clock.js'
import { machine } from './machine.js'

const SOCKET = { NOTIFY_SOCKET: '/run/systemd/notify' }
/** Said as it begins, and again while it waits for its store. */
const MORE = 'systemd-notify EXTEND_TIMEOUT_USEC=30000000'

test('systemd is told that the process is ready, and that it stops, with the time that this takes', async () => {
  const { world, ran, clock } = machine({}, SOCKET)
  const manager = serviceManager(world)
  manager.ready()
  manager.stopping(1500.5)
  expect(ran).toEqual([
    MORE,
    'systemd-notify READY=1',
    'systemd-notify STOPPING=1 EXTEND_TIMEOUT_USEC=2500500',
  ])
  // Of a time without end it takes what any timer can hold: it understands numbers alone.
  manager.stopping(Number.POSITIVE_INFINITY)
  expect(ran.at(-1)).toBe('systemd-notify STOPPING=1 EXTEND_TIMEOUT_USEC=2147483647000')
  // No watchdog was asked for.
  expect(clock.pending).toBe(0)
})

test.each([{ WATCHDOG_USEC: '2000000' }, { WATCHDOG_USEC: '2000000', WATCHDOG_PID: '17' }])(
  'its watchdog hears twice in its period that the process lives: %j',
  async (watchdog) => {
    const { world, ran, clock } = machine({}, { ...SOCKET, ...watchdog })
    const manager = serviceManager(world)
    await clock.advance(999)
    expect(ran).toEqual([MORE])
    await clock.advance(1001)
    expect(ran).toEqual([MORE, 'systemd-notify WATCHDOG=1', 'systemd-notify WATCHDOG=1'])
    manager.end()
    expect(clock.pending).toBe(0)
  },
)

test.each([{}, { NOTIFY_SOCKET: '', WATCHDOG_USEC: '2000000' }, { WATCHDOG_USEC: '2000000' }])(
  'without a socket nothing is told: %j',
  async (env) => {
    const { world, ran, clock } = machine({}, env)
    const manager = serviceManager(world)
    manager.ready()
    manager.stopping(5)
    expect([ran, clock.pending]).toEqual([[], 0])
  },
)

test('it is ready when it has its store, which may be waited for', async () => {
  const { world, ran } = machine({}, SOCKET)
  const store = memoryStore()
  let free = () => {}
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  const host = nodeHostOn(world, { signals: [], exit: false })
  const creating = createSupervisor({
    store: { ...store, claim: () => freed.then(() => store.claim()) },
    host,
  })
  await settle()
  expect(ran).toEqual([MORE])
  free()
  const supervisor = await creating
  expect(ran).toEqual([MORE, 'systemd-notify READY=1'])
  await supervisor.close()
})

test.each(['ready', 'stopping', 'end'] as const)(
  'a process that waits for its store asks for more time, at once and again, until %s',
  async (then) => {
    const { world, clock, ran } = machine({}, SOCKET)
    const manager = serviceManager(world)
    await clock.advance(9999)
    expect(ran).toEqual([MORE])
    await clock.advance(10_001)
    expect(ran).toEqual([MORE, MORE, MORE])
    manager[then](5)
    expect([ran.filter((said) => said === MORE).length, clock.pending]).toEqual([3, 0])
  },
)

test('nothing more is asked for after a notice in the middle of the waiting, in a program that goes on', async () => {
  const { world, ran, clock } = machine({}, { ...SOCKET, WATCHDOG_USEC: '200000000' })
  const host = nodeHostOn(world, { exit: false, signals: [], notices: { ask: async () => ({}) } })
  const store = { ...memoryStore(), claim: () => new Promise<never>(() => {}) }
  const creating = createSupervisor({ store, host })
  creating.catch(() => {})
  await settle()
  await clock.advance(5000)
  await expect(creating).rejects.toMatchObject({ code: 'SUPERVISOR_CLOSED' })
  expect([ran, clock.pending]).toEqual([[MORE], 0])
})

test('the watchdog of another process is not fed', () => {
  const { world, clock } = machine({}, { ...SOCKET, WATCHDOG_USEC: '2000000', WATCHDOG_PID: '18' })
  serviceManager(world).ready()
  expect(clock.pending).toBe(0)
})

test('where systemd-notify cannot be run, people are told once, with what to do', async () => {
  const { world, warnings, fail } = machine({}, SOCKET)
  fail(new Error('spawn systemd-notify ENOENT'))
  const manager = serviceManager(world)
  manager.ready()
  manager.stopping(5)
  await settle()
  expect(warnings).toEqual([
    'systemd is not told how this process is, since systemd-notify could not be run: Error: spawn systemd-notify ENOENT. Install it, or set `systemd: false`.',
  ])
})

test('a process that waits for its signal is alive, and stops when it comes', async () => {
  const { world, ran, clock } = machine({}, { ...SOCKET, WATCHDOG_USEC: '20000000' })
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  const others = process.listeners('uncaughtException')
  const ends = process.listenerCount('beforeExit')
  onTestFinished(() => {
    vi.restoreAllMocks()
    process.removeAllListeners('SIGUSR2')
    for (const listener of process.listeners('uncaughtException'))
      if (!others.includes(listener)) process.off('uncaughtException', listener)
  })
  const ask = async () => ({ deadlineMs: 60_000 })
  const host = nodeHostOn(world, { signals: ['SIGUSR2'], deadlineMs: 50, notices: { ask } })
  await createSupervisor({ store: memoryStore(), host })
  await clock.advance(5000)
  // Everything rests, and its cleanup is over.
  expect(process.listenerCount('beforeExit')).toBe(ends)
  await clock.advance(5000)
  expect(ran).toEqual([MORE, 'systemd-notify READY=1', 'systemd-notify WATCHDOG=1'])
  process.emit('SIGUSR2', 'SIGUSR2')
  await settle()
  expect(ran.at(-1)).toBe('systemd-notify STOPPING=1 EXTEND_TIMEOUT_USEC=1050000')
  expect(exit).toHaveBeenCalledWith(128 + constants.signals.SIGUSR2)
})
