import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { nodeHost } from 'tardigrade/hosts/node'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { nodeHostOn } from '../../../src/hosts/node/host.js'
import { settle } from '../../kit/clock.js'
import { restOf, start } from '../child.js'
import { machine } from './machine.js'

const AT_REST = { phase: 'paused', holds: [], steps: 1 }

async function secondRests(folder: string): Promise<boolean> {
  const reader = await sqliteStore(join(folder, 'second')).read()
  const stored = await reader.load('life')
  await reader.close()
  return stored?.phase === 'paused'
}

test.each(['two supervisors', 'the quick one first', 'the quick one first, one host'])(
  '%s: the quick one does not end the process before the slow one rests',
  async (mode) => {
    const process = start(mode)
    await process.until('ready')
    process.child.kill('SIGTERM')
    expect((await process.end()).code).toBe(143)
    expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
  },
)

test.each([
  ['one waits', 'waits'],
  ['one waits, and is told', 'still there'],
])('%s: a program that ends with what is not made does not do so before all rest', async (mode, line) => {
  const process = start(mode)
  await process.until(line)
  process.child.kill('SIGTERM')
  expect((await process.end()).code).toBe(143)
  expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
})

test('they print an uncaught error once, and both rest', async () => {
  const process = start('two that throw')
  const { code, errors } = await process.end()
  expect(code).toBe(1)
  expect(errors.match(/RangeError: thrown by the app/g)).toHaveLength(1)
  expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
})

test('a machine that goes away goes for both, though one alone asks', async () => {
  const process = start('one is told')
  await process.until('still there')
  process.child.kill('SIGTERM')
  expect((await process.end()).code).toBe(143)
  expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
})

test('two hosts of one supervisor: each is heard', async () => {
  const process = start('two hosts')
  await process.until('ready')
  process.child.kill('SIGTERM')
  expect((await process.end()).code).toBe(143)
  expect((await restOf(process.folder)).phase).toBe('paused')
})

test('however many they are, Node warns of no leak, and nobody listens when they are closed', async () => {
  const events = ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'beforeExit']
  const counts = () => events.map((event) => process.listenerCount(event))
  const before = counts()
  const warn = vi.spyOn(process, 'emitWarning')
  onTestFinished(() => warn.mockRestore())
  const make = () => createSupervisor({ store: memoryStore(), host: nodeHost({ exit: false }) })
  const supervisors = await Promise.all(Array.from({ length: 12 }, make))
  expect(warn).not.toHaveBeenCalled()
  await Promise.all(supervisors.map((supervisor) => supervisor.close()))
  expect(counts()).toEqual(before)
})

test('one that is made after somebody has removed all listeners of the process hears it, alone', async () => {
  const host = nodeHost({ exit: false, signals: ['SIGUSR2'] })
  const [former, latter] = [vi.fn(async () => {}), vi.fn(async () => {})]
  const sink = (shutdown: () => Promise<void>) => ({
    shutdown,
    interrupt: async () => {},
    release: async () => {},
  })
  const cleanUps = [host(sink(former))]
  process.removeAllListeners('SIGUSR2')
  cleanUps.push(host(sink(latter)))
  onTestFinished(() => {
    process.removeAllListeners('SIGUSR2')
    for (const cleanUp of cleanUps) void cleanUp()
  })
  process.emit('SIGUSR2', 'SIGUSR2')
  expect([former.mock.calls.length, latter.mock.calls.length]).toEqual([0, 1])
})

test('what has ended one in a program that goes on is a first signal to the next one', async () => {
  // No browser of other tests in this process hears that signal.
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  onTestFinished(() => exit.mockRestore())
  const counts = () =>
    ['SIGUSR2', 'uncaughtException', 'beforeExit'].map((event) => process.listenerCount(event))
  const before = counts()
  for (let round = 0; round < 2; round++) {
    const { world, clock } = machine({}, { NOTIFY_SOCKET: '/none', WATCHDOG_USEC: '2000000' })
    const host = nodeHostOn(world, { exit: false, signals: ['SIGUSR2'] })
    const supervisor = await createSupervisor({ store: memoryStore(), host })
    process.emit('SIGUSR2', 'SIGUSR2')
    // Begun by the signal; whoever asks again waits for the same.
    const { unsafe } = await supervisor.close()
    await settle()
    expect([unsafe, exit.mock.calls, counts(), clock.pending]).toEqual([[], [], before, 0])
    await expect(supervisor.ownsStore()).resolves.toBe(false)
  }
})
