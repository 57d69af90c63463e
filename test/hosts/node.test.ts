import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeHost } from 'tardigrade'
import { gracePeriodMs, nodeHost } from 'tardigrade/hosts/node'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { describe, expect, test, vi } from 'vitest'
import { nodeHostOn } from '../../src/hosts/node/host.js'
import { LOOK_AT_MEMORY_MS } from '../../src/hosts/node/memory.js'
import type { HostSink } from '../../src/ports/host.js'
import { folderOf, restOf, start } from './child.js'
import { describeHostContract } from './contract.js'
import { machine } from './node/machine.js'

const EVENTS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2', 'uncaughtException', 'beforeExit'] as const

describeHostContract('nodeHost', () => {
  const used = '/sys/fs/cgroup/memory.current'
  const limit = '/sys/fs/cgroup/memory.max'
  const { world, clock, files } = machine({ '/proc/self/cgroup': '0::/\n', [used]: '1', [limit]: '100' })
  const uses = async (bytes: number) => {
    files[used] = `${bytes}`
    await clock.advance(LOOK_AT_MEMORY_MS)
  }
  return {
    host: nodeHostOn(world, { signals: ['SIGUSR2'], deadlineMs: 77, exit: false }),
    interruptions: { 'low-memory': { begin: () => uses(90), end: () => uses(10) } },
    shutdown: () => process.emit('SIGUSR2'),
    deadlineMs: 77,
    listeners: () => EVENTS.reduce((sum, event) => sum + process.listenerCount(event), clock.pending),
  }
})

const durableSteps = (said: readonly string[]) => said.filter((line) => line.startsWith('durable')).length

describe('a signal brings the service to rest, and ends the process with the signal’s code', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('%s: %i', async (signal, code) => {
    const process = start('steps')
    await process.until('durable 3')
    process.child.kill(signal)
    expect(await process.end()).toEqual({ code, errors: '' })
    expect(process.said.at(-1)).toBe(`exit ${code}`)
    const { phase, holds, steps } = await restOf(process.folder)
    expect([phase, holds]).toEqual(['paused', []])
    // Every step that was told as durable is there; one more may have been written at the last.
    expect([0, 1]).toContain(steps - durableSteps(process.said))
  })

  test('the task is waited for until it reaches its next step', async () => {
    const process = start('slow')
    await process.until('ready')
    process.child.kill('SIGTERM')
    expect((await process.end()).code).toBe(143)
    expect(await restOf(process.folder)).toEqual({ phase: 'paused', holds: [], steps: 1 })
  })

  test('a task that hangs is cut off when the grace of the environment ends', async () => {
    const process = start('grace', { TARDIGRADE_GRACE_MS: '200' })
    await process.until('ready')
    process.child.kill('SIGTERM')
    expect((await process.end()).code).toBe(143)
    expect((await restOf(process.folder)).phase).toBe('paused')
  })

  test('a second SIGINT ends it at once, though a task hangs; what was durable before stays', async () => {
    const process = start('hang')
    await process.until('ready')
    process.child.kill('SIGINT')
    // The first has been heard when its handler has run: the second is sent until it counts.
    const again = setInterval(() => process.child.kill('SIGINT'), 20)
    const { code } = await process.end()
    clearInterval(again)
    expect(code).toBe(130)
    expect((await restOf(process.folder)).phase).toBe('running')
  })

  test('a second SIGTERM does not cut the first one’s grace short', async () => {
    const process = start('slow')
    await process.until('ready')
    process.child.kill('SIGTERM')
    process.child.kill('SIGTERM')
    process.child.kill('SIGHUP')
    expect([143, 129]).toContain((await process.end()).code)
    expect(await restOf(process.folder)).toEqual({ phase: 'paused', holds: [], steps: 1 })
  })

  test('kill -9 asks nobody: what was durable is there', async () => {
    const process = start('steps')
    await process.until('durable 3')
    process.child.kill('SIGKILL')
    expect((await process.end()).code).toBe('SIGKILL')
    const { phase, steps } = await restOf(process.folder)
    expect(phase).toBe('running')
    expect(steps).toBeGreaterThanOrEqual(durableSteps(process.said))
  })
})

describe('what platforms ask beside signals', () => {
  test('a host that never comes to an end does not keep the process', async () => {
    const process = start('deaf')
    await process.until('ready')
    process.child.kill('SIGTERM')
    const { code, errors } = await process.end()
    expect([code, errors]).toEqual([
      143,
      expect.stringContaining('a host’s cleanup threw Error: it did not come'),
    ])
    expect((await restOf(process.folder)).phase).toBe('paused')
  })

  test('systemd hears that the process is ready, alive and stopping', async () => {
    const folder = folderOf()
    const heard = join(folder, 'heard')
    writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$@" >> ${heard}\n`, { mode: 0o755 })
    const told = async (word: string) =>
      vi.waitFor(() => expect(readFileSync(heard, 'utf8')).toContain(word), { timeout: 10_000 })
    const path = `${folder}:${process.env.PATH}`
    const child = start('steps', { PATH: path, NOTIFY_SOCKET: '/none', WATCHDOG_USEC: '20000' })
    await told('READY=1')
    await told('WATCHDOG=1')
    child.child.kill('SIGTERM')
    expect((await child.end()).code).toBe(143)
    await told('STOPPING=1 EXTEND_TIMEOUT_USEC=11000000')
  })
})

describe('other ends of a process', () => {
  test('nothing left to do: everything rests, and it ends with 0', async () => {
    const process = start('idle')
    expect(await process.end()).toEqual({ code: 0, errors: '' })
    const reader = await sqliteStore(process.folder).read()
    expect((await reader.load('life'))?.phase).toBe('paused')
    await reader.close()
  })

  test.each([
    ['throws', 'RangeError: thrown by the app'],
    ['rejects', 'RangeError: rejected by the app'],
  ])('an app that %s: the error is printed, everything rests, and it ends with 1', async (mode, message) => {
    const process = start(mode)
    const { code, errors } = await process.end()
    expect(code).toBe(1)
    expect(errors).toContain(message)
    // With its stack, as Node prints it.
    expect(errors).toContain('child.mjs')
    expect((await restOf(process.folder)).phase).toBe('paused')
  })
})

describe('by choice', () => {
  test('the process is left to its author when everything rests', async () => {
    const process = start('no exit')
    await process.until('ready')
    process.child.kill('SIGTERM')
    expect((await process.end()).code).toBe(7)
    const reader = await sqliteStore(process.folder).read()
    expect((await reader.load('life'))?.phase).toBe('paused')
    await reader.close()
  })
})

describe('the grace that the platform gives', () => {
  test.each<[NodeJS.ProcessEnv, number]>([
    [{}, 10_000],
    [{ TARDIGRADE_GRACE_MS: '30000' }, 29_000],
    [{ TERMINATION_GRACE_PERIOD_SECONDS: '30' }, 29_000],
    [{ TARDIGRADE_GRACE_MS: '5000', TERMINATION_GRACE_PERIOD_SECONDS: '30' }, 4000],
    // A second for the rest would leave nothing: half of it then.
    [{ TARDIGRADE_GRACE_MS: '1000' }, 500],
    [{ TARDIGRADE_GRACE_MS: '1' }, 0.5],
    [{ TARDIGRADE_GRACE_MS: '' }, 10_000],
    [{ TARDIGRADE_GRACE_MS: '0' }, 10_000],
    [{ TARDIGRADE_GRACE_MS: '-5' }, 10_000],
    [{ TARDIGRADE_GRACE_MS: 'soon' }, 10_000],
    [{ TARDIGRADE_GRACE_MS: 'Infinity' }, 10_000],
    [{ TARDIGRADE_GRACE_MS: 'soon', TERMINATION_GRACE_PERIOD_SECONDS: '2' }, 1000],
  ])('%j: %d ms for the tasks', (environment, expected) => {
    expect(gracePeriodMs(environment)).toBe(expected)
  })
})

test.each<[object, string]>([
  [{ lowMemory: 2 }, 'lowMemory'],
  [{ asleepMs: -1 }, 'asleepMs'],
  [{ systemd: 'yes' }, 'systemd'],
  [{ preStop: {} }, 'port'],
  [{ preStop: { port: 70_000 } }, 'port'],
  [{ preStop: { port: 1, path: '/' } }, 'path'],
  [{ notices: { everyMs: 5 } }, 'ask'],
  [{ notices: { ask: 'aws' } }, 'ask'],
])('%j is refused by name', (options, name) => {
  expect(() => nodeHost(options)).toThrow(expect.objectContaining({ option: name }))
})

test.each<[object, string, string]>([
  [{}, '`end` | SIGTERM, SIGINT, SIGHUP, the end of all work', 'says; a second SIGINT ends it at once |'],
  [{ signals: ['SIGTERM'] }, '`end` | SIGTERM, the end of all work', 'says |'],
  [{ signals: [] }, '`end` | the end of all work', 'says |'],
])('what it says of itself with %j is true of its signals', (options, end, time) => {
  const told = describeHost(nodeHost(options))
  expect(told).toContain(end)
  expect(told).toContain(time)
})

describe('the setup function', () => {
  const sink: HostSink = {
    interrupt: async () => {},
    release: async () => {},
    shutdown: async () => {},
  }
  const counts = () => EVENTS.map((event) => process.listenerCount(event))

  test('listens until its cleanup, and to no signal that it was not asked for', async () => {
    // One that shares no listener with a host that another file of this process has left to the end of it.
    vi.resetModules()
    const { nodeHost } = await import('tardigrade/hosts/node')
    const before = counts()
    const cleanup = nodeHost({ signals: ['SIGUSR2'] })(sink)
    expect(counts().map((count, index) => count - (before[index] ?? 0))).toEqual([0, 0, 0, 1, 1, 1])
    const second = nodeHost()(sink)
    // One of the process for all who hear the same.
    expect(counts().map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1, 1, 1, 1])
    cleanup()
    expect(counts().map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1, 0, 1, 1])
    second()
    expect(counts()).toEqual(before)
  })
})
