import { createSupervisor, type Host, type HostSink, type Store } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { supervise } from '../../src/runtime/create-supervisor.js'
import type { Inspection } from '../../src/runtime/inspection.js'
import { ManualClock, settle } from '../kit/clock.js'
import { counter } from './machines.js'

const ENDED = {
  code: 'SUPERVISOR_CLOSED',
  message: expect.stringMatching(/^The platform ended before the supervisor had its store/),
  remedy: 'End the process; where it goes on, create another one on the same store.',
}

/** A store that another has for now; `free` gives it back. */
function held() {
  const store = memoryStore()
  let free = () => {}
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  const waits: Store = { ...store, claim: () => freed.then(() => store.claim()) }
  return { store, waits, free }
}

test('a platform that ends while the store is waited for ends the waiting', async () => {
  const { waits } = held()
  const platform = manualHost()
  const log: string[] = []
  const other: Host = () => () => void log.push('cleaned up')
  const creating = createSupervisor({ store: waits, host: [platform.host, other] })
  creating.catch(() => log.push('told'))
  await settle()
  await platform.shutdown()
  // Whatever a host looks at before it ends the process, it is faster.
  for (let hops = 0; hops < 20; hops++) await undefined
  log.push('ended')
  await expect(creating).rejects.toMatchObject(ENDED)
  // Who ends the process with its platform is first.
  expect(log).toEqual(['cleaned up', 'ended', 'told'])
})

test('what is claimed after that is given back', async () => {
  const { store, waits, free } = held()
  const platform = manualHost()
  const creating = createSupervisor({ store: waits, host: platform.host })
  await settle()
  await platform.shutdown()
  await expect(creating).rejects.toMatchObject(ENDED)
  free()
  await settle()
  const claim = await store.claim()
  expect(claim.epoch).toBe(2)
  await claim.close()
})

test('a claim that fails after that is nobody’s concern', async () => {
  const platform = manualHost()
  let fail = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = () => reject(new Error('boom'))
  })
  let ends: AbortSignal | undefined
  const claim: Store['claim'] = ({ signal } = {}) => {
    ends = signal
    return failed
  }
  const creating = createSupervisor({ store: { ...memoryStore(), claim }, host: platform.host })
  await settle()
  expect(ends?.aborted).toBe(false)
  await platform.shutdown()
  await expect(creating).rejects.toMatchObject(ENDED)
  // A store that looks at it fails by itself.
  expect(ends?.reason).toMatchObject(ENDED)
  fail()
  // An unhandled rejection would fail the run.
  await settle()
})

test('a platform that ends between the claim and the supervisor is told when the store is given back', async () => {
  const store = memoryStore()
  const platform = manualHost()
  let opened = () => {}
  const opening = new Promise<undefined>((resolve) => {
    opened = () => resolve(undefined)
  })
  const creating = supervise({ store, host: platform.host }, () => opening)
  await settle()
  let isOver = false
  const ending = platform.shutdown().then(() => (isOver = true))
  await settle()
  expect(isOver).toBe(false)
  opened()
  await expect(creating).rejects.toMatchObject(ENDED)
  await ending
  await (await store.claim()).close()
})

test('a platform that ends while a host is not ready is not kept waiting by it', async () => {
  const store = memoryStore()
  const platform = manualHost()
  const log: string[] = []
  const never: Host = () => Object.assign(() => void log.push('cleaned up'), { ready: new Promise(() => {}) })
  const creating = createSupervisor({ store, host: [platform.host, never] })
  creating.catch(() => {})
  await settle()
  await platform.shutdown()
  await expect(creating).rejects.toMatchObject(ENDED)
  expect(log).toEqual(['cleaned up'])
})

test('a host that is ready when it has ended its supervisor ends it', async () => {
  const host: Host = (sink) => Object.assign(() => {}, { ready: sink.shutdown() })
  await expect(createSupervisor({ store: memoryStore(), host })).rejects.toMatchObject(ENDED)
})

test('a store that is not given back keeps the platform for half a second beyond the earliest deadline', async () => {
  const clock = new ManualClock()
  const store = memoryStore()
  const hangs: Store = {
    ...store,
    claim: async () => ({ ...(await store.claim()), close: () => new Promise(() => {}) }),
  }
  const log: string[] = []
  let open = () => {}
  const opening = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined)
  })
  let sink: HostSink | undefined
  const host: Host = (mine) => {
    sink = mine
    return () => {}
  }
  const creating = supervise({ store: hangs, clock, host }, () => opening)
  creating.catch(() => {})
  await settle()
  for (const deadlineMs of [2000, 1000]) void sink?.shutdown({ deadlineMs }).then(() => log.push('over'))
  open()
  await settle()
  await clock.advance(1499)
  expect(log).toEqual([])
  await clock.advance(1)
  await expect(creating).rejects.toMatchObject(ENDED)
  expect([log, clock.pending]).toEqual([['over', 'over'], 0])
})

test('hosts are not told that a supervisor is there which one of them has ended meanwhile', async () => {
  const platform = manualHost()
  const log: string[] = []
  const host: Host = ({ made, ended }) => {
    made?.then(() => log.push('made'))
    ended?.then(() => log.push('ended'))
    return () => {}
  }
  const inspection = {
    inspect: () => {},
    observe: undefined,
    address: undefined,
    begin: async () => void (await platform.shutdown()),
    close: async () => {},
  }
  await supervise({ store: memoryStore(), host: [platform.host, host] }, async () => inspection)
  await settle()
  expect(log).toEqual(['ended'])
})

test('what a platform says while the store is waited for is in force when it is there', async () => {
  const { waits, free } = held()
  const platform = manualHost()
  const creating = createSupervisor({ store: waits, host: platform.host })
  await settle()
  await platform.interrupt('frozen')
  await platform.interrupt('shutdown')
  await platform.release('shutdown')
  free()
  const supervisor = await creating
  const service = await supervisor.start(counter(), { key: 'k' })
  expect(service.getSnapshot().value).toBe('paused')
  await platform.release('frozen')
  await service.settled()
  expect(service.getSnapshot().value).toBe('running')
  await supervisor.close()
})

test('a host is told when the supervisor is there, and not before', async () => {
  const { waits, free } = held()
  const log: string[] = []
  const host: Host = ({ made }: HostSink) => {
    made?.then(() => log.push('made'))
    return () => {}
  }
  const creating = createSupervisor({ store: waits, host })
  await settle()
  log.push('free')
  free()
  await (await creating).close()
  expect(log).toEqual(['free', 'made'])
})

test('a store that is refused leaves no host set up', async () => {
  const store = memoryStore()
  const claim = await store.claim()
  const log: string[] = []
  const host: Host = () => () => void log.push('cleaned up')
  await expect(createSupervisor({ store, host })).rejects.toMatchObject({ code: 'STORE_LOCKED' })
  expect(log).toEqual(['cleaned up'])
  await claim.close()
})

test('a store that is refused is told half a second later where the cleanup of a host hangs', async () => {
  const clock = new ManualClock()
  const store = memoryStore()
  await store.claim()
  const host: Host = () => () => new Promise(() => {})
  const log: string[] = []
  const creating = createSupervisor({ store, clock, host }).catch(({ code }) => log.push(code))
  await settle()
  await clock.advance(499)
  expect(log).toEqual([])
  await clock.advance(1)
  await creating
  expect([log, clock.pending]).toEqual([['STORE_LOCKED'], 0])
})

test('a host that may end the process keeps to itself for as long that there is no supervisor', async () => {
  const clock = new ManualClock()
  const store = memoryStore()
  await store.claim()
  let stay = () => {}
  const staying = new Promise<void>((resolve) => {
    stay = resolve
  })
  const log: string[] = []
  const host: Host = () => Object.assign(() => void log.push('cleaned up'), { stays: () => staying })
  const creating = createSupervisor({ store, clock, host }).catch(({ code }) => log.push(code))
  await settle()
  await clock.advance(60_000)
  log.push('it stays')
  stay()
  await creating
  expect(log).toEqual(['cleaned up', 'it stays', 'STORE_LOCKED'])
})

test('where whoever looks on fails as the supervisor is there, that is told, and the hosts are cleaned up once', async () => {
  const store = memoryStore()
  const log: string[] = []
  const host: Host = () => () => void log.push('cleaned up')
  const fails: Inspection = {
    inspect: () => {},
    observe: undefined,
    address: undefined,
    begin: () => Promise.reject(new Error('nobody looks on')),
    close: async () => {},
  }
  await expect(supervise({ store, host }, async () => fails)).rejects.toThrow('nobody looks on')
  expect(log).toEqual(['cleaned up'])
  await (await store.claim()).close()
})
