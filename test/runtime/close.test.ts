import {
  type Clock,
  CloseFailedError,
  createSupervisor,
  type Host,
  HostFailedError,
  type Store,
} from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { ManualClock, settle } from '../kit/clock.js'
import { surfaced } from '../kit/surfaced.js'
import { counter } from './machines.js'

const boom = new Error('boom')

/** A host whose cleanup is written down, and fails with the error where one is given. */
const hostOf =
  (log: string[], name: string, error?: Error): Host =>
  () =>
  () => {
    log.push(name)
    if (error !== undefined) throw error
  }

/** A store whose claim cannot be given back in order, though it is given back. */
function reluctantStore(error: Error): Store {
  const inner = memoryStore()
  return {
    location: inner.location,
    durability: inner.durability,
    read: () => inner.read(),
    async claim() {
      const claim = await inner.claim()
      const close = async () => {
        await claim.close()
        throw error
      }
      return { ...claim, epoch: claim.epoch, close }
    },
  }
}

/** Says whether somebody can claim the store. */
async function isFree(store: Store): Promise<boolean> {
  return store.claim().then(
    async (claim) => claim.close().then(() => true),
    () => false,
  )
}

describe('a host’s cleanup that throws', () => {
  test('keeps no other cleanup from running and the store from being given back', async () => {
    const store = memoryStore()
    const log: string[] = []
    const host = [hostOf(log, 'a'), hostOf(log, 'b', boom), hostOf(log, 'c')]
    const supervisor = await createSupervisor({ store, host })
    await supervisor.start(counter(), { key: 'k' })
    const closing = supervisor.close()
    await expect(closing).rejects.toBeInstanceOf(CloseFailedError)
    await expect(closing).rejects.toMatchObject({
      code: 'CLOSE_FAILED',
      cause: boom,
      report: { safe: ['k'], unsafe: [] },
      message: expect.stringContaining('a host’s cleanup threw Error: boom'),
    })
    expect(log).toEqual(['a', 'b', 'c'])
    expect(await isFree(store)).toBe(true)
    // Closing again tells the same.
    expect(supervisor.close()).toBe(closing)
  })

  test('is told with the others that threw', async () => {
    const other = new TypeError('no listener')
    const host = [hostOf([], 'a', boom), hostOf([], 'b', other)]
    const supervisor = await createSupervisor({ store: memoryStore(), host })
    await expect(supervisor.close()).rejects.toMatchObject({
      failures: [
        { what: 'a host’s cleanup', cause: boom },
        { what: 'a host’s cleanup', cause: other },
      ],
      cause: { errors: [boom, other] },
      message: expect.stringMatching(/Error: boom.*TypeError: no listener/),
    })
  })

  test('reaches the platform that asked for the shutdown', async () => {
    const platform = manualHost()
    await createSupervisor({ store: memoryStore(), host: [hostOf([], 'a', boom), platform.host] })
    await expect(platform.shutdown()).rejects.toMatchObject({ code: 'CLOSE_FAILED', cause: boom })
  })
})

describe('a host’s cleanup that takes its time', () => {
  const later = (work: Promise<void>): Host => {
    return () => () => work
  }

  test('is waited for, while the store is still held', async () => {
    const [store, clock] = [memoryStore(), new ManualClock()]
    let end = () => {}
    const host = later(
      new Promise((resolve) => {
        end = resolve
      }),
    )
    const supervisor = await createSupervisor({ store, clock, host })
    await supervisor.start(counter(), { key: 'k' })
    let closed = false
    const closing = supervisor.close({ deadlineMs: 60_000 }).then((report) => {
      closed = true
      return report
    })
    await settle()
    expect([closed, await isFree(store)]).toEqual([false, false])
    end()
    expect(await closing).toEqual({ safe: ['k'], unsafe: [] })
    expect(clock.pending).toBe(0)
  })

  test('is told when it rejects', async () => {
    const host = [later(Promise.reject(boom)), hostOf([], 'b')]
    const supervisor = await createSupervisor({ store: memoryStore(), host })
    await expect(supervisor.close()).rejects.toMatchObject({ code: 'CLOSE_FAILED', cause: boom })
  })

  test('is given up soon after the deadline, where there is one', async () => {
    const [store, clock] = [memoryStore(), new ManualClock()]
    const supervisor = await createSupervisor({ store, clock, host: later(new Promise(() => {})) })
    const closing = supervisor.close({ deadlineMs: 1000 })
    const told = expect(closing).rejects.toThrow(
      /a host’s cleanup threw Error: it did not come to an end in time/,
    )
    await clock.advance(1500)
    await told
    expect([await isFree(store), clock.pending]).toEqual([true, 0])
  })

  test('keeps what comes after it no longer from its end where the clock is set back meanwhile', async () => {
    const [kept, clock] = [memoryStore(), new ManualClock()]
    let offsetMs = 0
    const wall: Clock = {
      now: () => clock.now() + offsetMs,
      setTimer: (run, delayMs) => clock.setTimer(run, delayMs),
      clearTimer: (handle) => clock.clearTimer(handle),
      yieldThen: (run) => clock.yieldThen(run),
    }
    const hanging: Store = {
      ...kept,
      claim: async () => ({ ...(await kept.claim()), close: () => new Promise(() => {}) }),
    }
    let end = () => {}
    const host = later(
      new Promise((resolve) => {
        end = resolve
      }),
    )
    const supervisor = await createSupervisor({ store: hanging, clock: wall, host })
    const closing = supervisor.close({ deadlineMs: 1000 })
    const told = expect(closing).rejects.toMatchObject({ code: 'CLOSE_FAILED' })
    await settle()
    offsetMs = -3_600_000
    end()
    await settle()
    await clock.advance(1500)
    await told
  })

  test('is waited for too where another host cannot be set up', async () => {
    const log: string[] = []
    const slow: Host = () => async () => {
      await settle()
      log.push('slow')
    }
    const broken: Host = () => {
      throw boom
    }
    const creating = createSupervisor({ store: memoryStore(), host: [slow, broken] })
    await expect(creating).rejects.toMatchObject({ code: 'HOST_FAILED', cause: boom })
    expect(log).toEqual(['slow'])
  })
})

test('of a host that shuts down as it is set up nothing is left, and no store is claimed', async () => {
  const [store, clock, log] = [memoryStore(), new ManualClock(), [] as string[]]
  const hasty: Host = (sink) => {
    void sink.shutdown()
    return () => void log.push('hasty')
  }
  const creating = createSupervisor({
    store,
    clock,
    idleAfterMs: 1000,
    host: [hasty, hostOf(log, 'next')],
  })
  await expect(creating).rejects.toMatchObject({ code: 'SUPERVISOR_CLOSED' })
  expect([log, clock.pending]).toEqual([['hasty', 'next'], 0])
  const claim = await store.claim()
  expect(claim.epoch).toBe(1)
  await claim.close()
})

describe('an inspector that throws', () => {
  test('keeps nothing from being closed', async () => {
    const store = memoryStore()
    const log: string[] = []
    const thrown = surfaced()
    let broken = false
    const inspect = () => {
      if (broken) throw boom
    }
    const supervisor = await createSupervisor({ store, inspect, host: hostOf(log, 'a') })
    await supervisor.start(counter(), { key: 'k' })
    broken = true
    expect(await supervisor.close()).toEqual({ safe: ['k'], unsafe: [] })
    await settle()
    expect(new Set(thrown)).toEqual(new Set([boom]))
    expect(log).toEqual(['a'])
    expect(await isFree(store)).toBe(true)
  })
})

describe('a store that cannot be given back in order', () => {
  test('is told with the report of what is safe', async () => {
    const store = reluctantStore(boom)
    const supervisor = await createSupervisor({ store })
    await supervisor.start(counter(), { key: 'k' })
    await expect(supervisor.close()).rejects.toMatchObject({
      code: 'CLOSE_FAILED',
      cause: { code: 'STORE_FAILED', cause: boom },
      report: { safe: ['k'], unsafe: [] },
    })
  })
})

describe('a host that cannot be set up', () => {
  const broken: Host = () => {
    throw boom
  }

  test('takes those before it down, and the store is given back', async () => {
    const store = memoryStore()
    const log: string[] = []
    const creating = createSupervisor({ store, host: [hostOf(log, 'a'), hostOf(log, 'b', boom), broken] })
    await expect(creating).rejects.toBeInstanceOf(HostFailedError)
    await expect(creating).rejects.toMatchObject({ code: 'HOST_FAILED', cause: boom })
    expect(log).toEqual(['a', 'b'])
    expect(await isFree(store)).toBe(true)
  })

  test('is what is told, though the store cannot be given back in order either', async () => {
    const creating = createSupervisor({ store: reluctantStore(new Error('later')), host: broken })
    await expect(creating).rejects.toMatchObject({ code: 'HOST_FAILED', cause: boom })
  })
})
