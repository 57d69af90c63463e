import { expect, test } from 'vitest'
import { serviceManager } from '../../../src/hosts/node/systemd.js'
import { settle } from '../../kit/clock.js'
import { machine } from './machine.js'

const SOCKET = { NOTIFY_SOCKET: '/run/systemd/notify' }

test('systemd is told that the process is ready, and that it stops, with the time that this takes', async () => {
  const { world, ran, clock } = machine({}, SOCKET)
  const manager = serviceManager(world)
  manager.ready()
  manager.stopping(1500.5)
  expect(ran).toEqual(['systemd-notify READY=1', 'systemd-notify STOPPING=1 EXTEND_TIMEOUT_USEC=2500500'])
  // No watchdog was asked for.
  expect(clock.pending).toBe(0)
})

test.each([{ WATCHDOG_USEC: '2000000' }, { WATCHDOG_USEC: '2000000', WATCHDOG_PID: '17' }])(
  'its watchdog hears twice in its period that the process lives: %j',
  async (watchdog) => {
    const { world, ran, clock } = machine({}, { ...SOCKET, ...watchdog })
    const manager = serviceManager(world)
    await clock.advance(999)
    expect(ran).toEqual([])
    await clock.advance(1001)
    expect(ran).toEqual(['systemd-notify WATCHDOG=1', 'systemd-notify WATCHDOG=1'])
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

test('the watchdog of another process is not fed', () => {
  const { world, clock } = machine({}, { ...SOCKET, WATCHDOG_USEC: '2000000', WATCHDOG_PID: '18' })
  serviceManager(world)
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
