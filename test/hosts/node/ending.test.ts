import { createSupervisor } from 'tardigrade'
import { nodeHost } from 'tardigrade/hosts/node'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Ending, SIGNAL_WITHIN_MS } from '../../../src/hosts/node/ending.js'
import { nodeHostOn } from '../../../src/hosts/node/host.js'
import type { HostSink } from '../../../src/ports/host.js'
import { freePort } from '../../inspect/kit.js'
import { settle } from '../../kit/clock.js'
import { restOf, start } from '../child.js'
import { machine } from './machine.js'

describe('the process waits for its signal', () => {
  test('after preStop, which is answered again', async () => {
    const port = await freePort()
    const process = start('preStop', { PORT: `${port}` })
    await process.until('ready')
    // A connection that stays open would keep the process.
    const headers = { connection: 'close' }
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/prestop`, { headers })).text()
    expect([await ask(), await restOf(process.folder)]).toEqual([
      'at rest\n',
      { phase: 'paused', holds: [], steps: 1 },
    ])
    expect(await ask()).toBe('at rest\n')
    process.child.kill('SIGTERM')
    expect(await process.end()).toEqual({ code: 143, errors: '' })
  })

  test('after a notice', async () => {
    const process = start('notice')
    await process.until('still there')
    const reader = await sqliteStore(process.folder).read()
    expect((await reader.load('life'))?.phase).toBe('paused')
    await reader.close()
    process.child.kill('SIGTERM')
    expect(await process.end()).toEqual({ code: 143, errors: '' })
  })

  test('and has no longer than the signal leaves, whatever the notice gave', async () => {
    const process = start('given longer', { DEADLINE: '3600000' })
    await process.until('told')
    process.child.kill('SIGTERM')
    expect((await process.end()).code).toBe(143)
    expect((await restOf(process.folder)).phase).toBe('paused')
  })
})

describe('a process that waits for its store', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('ends at %s, as with services at rest', async (signal) => {
    const process = start('waits')
    await process.until('waits')
    process.child.kill(signal)
    const code = signal === 'SIGTERM' ? 143 : 130
    expect(await process.end()).toEqual({ code, errors: '' })
    expect(process.said).toEqual(['waits', `exit ${code}`])
  })

  test('answers preStop, and waits for its signal', async () => {
    const port = await freePort()
    const process = start('waits with preStop', { PORT: `${port}` })
    await process.until('waits')
    const headers = { connection: 'close' }
    const answer = await fetch(`http://127.0.0.1:${port}/prestop`, { headers })
    expect(await answer.text()).toBe('at rest\n')
    process.child.kill('SIGTERM')
    expect(await process.end()).toEqual({ code: 143, errors: '' })
  })

  test('leaves the end to the program where that has one', async () => {
    const process = start('waits, no exit')
    await process.until('waits')
    process.child.kill('SIGTERM')
    expect(await process.end()).toEqual({ code: 7, errors: '' })
    expect(process.said).toEqual(['waits', 'SUPERVISOR_CLOSED', 'exit 7'])
  })
})

describe('nothing left to do', () => {
  test('is a failure where a service has failed', async () => {
    expect(await start('fails').end()).toEqual({ code: 1, errors: '' })
  })

  test('is one also where another host hears of the end', async () => {
    const process = start('embedded, and fails')
    await process.until('failed')
    process.child.stdin.end()
    expect(await process.end()).toEqual({ code: 1, errors: '' })
  })

  test('is none where the program closes the supervisor: its report says what is safe', async () => {
    expect(await start('fails, and is closed').end()).toEqual({ code: 0, errors: '' })
  })

  test('ends as the program says where it says so', async () => {
    expect(await start('fails, and says how it ended').end()).toEqual({ code: 0, errors: '' })
  })
})

describe('an ending', () => {
  const failure = new Error('boom')
  let shutdowns: (number | undefined)[]
  const { exitCode } = process
  const exits: unknown[] = []
  const endings: Ending[] = []

  beforeEach(() => {
    shutdowns = []
    exits.length = 0
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      exits.push(code)
      return undefined as never
    })
    vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => {
    vi.restoreAllMocks()
    process.exitCode = exitCode
    // What one of them leaves would be waited for by the next.
    for (const one of endings.splice(0)) one.forget()
  })

  function ending(shutdown: (deadlineMs: number | undefined) => Promise<void>, exit = true, withinMs = 77) {
    const { world, clock, warnings } = machine()
    const sink: HostSink = {
      interrupt: async () => {},
      release: async () => {},
      shutdown: async ({ deadlineMs } = {}) => {
        shutdowns.push(deadlineMs)
        await shutdown(deadlineMs)
      },
    }
    const made = new Ending(sink, world, withinMs, exit, () => {})
    endings.push(made)
    return { made, clock, warnings }
  }

  test('that failed is tried again when a signal comes', async () => {
    const { made } = ending(async (deadlineMs) => {
      if (deadlineMs === -5) throw failure
    })
    await made.foretold(-5)
    made.onSignal('SIGTERM')
    await settle()
    expect([shutdowns, exits]).toEqual([[-5, 77], [143]])
    expect(console.error).toHaveBeenCalledExactlyOnceWith(failure)
  })

  test('that hangs is waited for until its grace is over', async () => {
    const { made, clock } = ending(() => new Promise(() => {}))
    void made.foretold(3_600_000)
    made.onSignal('SIGTERM')
    await clock.advance(1076)
    expect(exits).toEqual([])
    await clock.advance(1)
    expect(exits).toEqual([143])
  })

  test('leaves another one of the process its own time, also one that is made meanwhile', async () => {
    let rested = () => {}
    const { made, clock } = ending(async () => {
      if (shutdowns.length === 1) ending(() => new Promise((resolve) => (rested = resolve)), true, 99)
    })
    ending(async () => {}, true, 5000)
    made.onSignal('SIGTERM')
    await settle()
    await clock.advance(5999)
    expect([shutdowns, exits]).toEqual([[77, 5000, 99], []])
    rested()
    await settle()
    expect(exits).toEqual([143])
  })

  test('whose signal does not come is told, and is no success', async () => {
    const { made, clock, warnings } = ending(async () => {})
    await made.foretold(500)
    await made.foretold(500)
    let stays = false
    void made.unlessProcessEnds().then(() => (stays = true))
    await clock.advance(SIGNAL_WITHIN_MS + 499)
    expect([process.exitCode, clock.pending, stays]).toEqual([exitCode, 1, false])
    await clock.advance(1)
    expect([process.exitCode, exits, clock.pending, stays]).toEqual([1, [], 0, true])
    expect(warnings).toEqual([expect.stringContaining('No signal came within 60500 ms')])
  })

  test('of a process that is left to its author keeps it no longer', async () => {
    const { made, clock } = ending(async () => {}, false)
    await made.foretold(500)
    made.onSignal('SIGTERM')
    expect([clock.pending, exits]).toEqual([0, []])
  })
})

describe('a supervisor that the program closes', () => {
  async function closing() {
    const exits: unknown[] = []
    vi.spyOn(process, 'exit').mockImplementation((code) => void exits.push(code) as never)
    // No browser of other tests in this process hears that signal.
    const before = process.listeners('SIGUSR2')
    const uncaught = process.listeners('uncaughtException')
    const added = () => process.listeners('SIGUSR2').filter((listener) => !before.includes(listener))
    onTestFinished(() => {
      vi.restoreAllMocks()
      for (const listener of added()) process.off('SIGUSR2', listener)
      // A host that ends its process keeps this one to the end.
      for (const listener of process.listeners('uncaughtException'))
        if (!uncaught.includes(listener)) process.off('uncaughtException', listener)
    })
    const quiet = { lowMemory: false, asleepMs: false, systemd: false, signals: ['SIGUSR2'] } as const
    const host = () => nodeHostOn(machine().world, quiet)
    let giveBack = () => {}
    const asked = new Promise<void>((resolve) => (giveBack = resolve))
    const slow = memoryStore()
    const claim = async () => {
      const held = await slow.claim()
      const close = () => asked.then(() => held.close())
      return Object.assign(Object.create(held) as typeof held, { close })
    }
    const first = await createSupervisor({ store: { ...slow, claim }, host: host() })
    const second = await createSupervisor({ store: memoryStore(), host: host() })
    const closed = first.close()
    await settle()
    return { exits, added, giveBack, closed, second }
  }

  test('keeps its handlers until its store is given back', async () => {
    const { added, giveBack, closed, second } = await closing()
    await second.close()
    expect(added()).toHaveLength(1)
    giveBack()
    await closed
    expect(added()).toEqual([])
  })

  test('is waited for by a signal that another one hears', async () => {
    const { exits, giveBack, closed } = await closing()
    process.emit('SIGUSR2', 'SIGUSR2')
    await settle()
    expect(exits).toEqual([])
    giveBack()
    await closed
    await settle()
    expect(new Set(exits)).toEqual(new Set([140]))
  })
})

test('a port of preStop that is taken keeps the supervisor from being made', async () => {
  const port = await freePort()
  const host = nodeHost({ preStop: { port }, signals: [] })
  const listeners = process.listenerCount('beforeExit')
  const first = await createSupervisor({ store: memoryStore(), host })
  const store = memoryStore()
  await expect(createSupervisor({ store, host })).rejects.toMatchObject({
    code: 'HOST_FAILED',
    cause: { code: 'EADDRINUSE' },
  })
  await (await store.claim()).close()
  await first.close()
  expect(process.listenerCount('beforeExit')).toBe(listeners)
})

test.each([
  ['that waits for its store', false],
  ['that runs', true],
])(
  'a supervisor %s, and that preStop ends in a program that goes on, leaves the port to another one',
  async (_, runs) => {
    const port = await freePort()
    const host = nodeHost({ exit: false, signals: [], preStop: { port } })
    const claim = ({ signal }: { signal?: AbortSignal } = {}) =>
      new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const first = createSupervisor({ store: { ...memoryStore(), ...(runs ? {} : { claim }) }, host })
    first.catch(() => {})
    if (runs) await first
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/prestop`)).text()
    await vi.waitFor(async () => expect(await ask()).toBe('at rest\n'))
    if (!runs) await expect(first).rejects.toMatchObject({ code: 'SUPERVISOR_CLOSED' })
    const another = await createSupervisor({ store: memoryStore(), host })
    expect(await ask()).toBe('at rest\n')
    await another.close()
  },
)
