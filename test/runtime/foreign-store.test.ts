import {
  type CommitOutcome,
  type CommitRequest,
  createSupervisor,
  type Store,
  type StoreClaim,
  StoreFailedError,
  StoreFullError,
} from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../kit/clock.js'
import { counter } from './machines.js'

/**
 * A store of another author, who knows none of our errors. Faults: a method rejects with what the driver said; a
 * batch gets plain errors as outcomes, or fewer outcomes than requests.
 */
class ForeignStore implements Store {
  readonly location = 's3://bucket'
  readonly durability = 'process'
  /** What the methods of these names reject with. */
  faults: Partial<Record<keyof StoreClaim | 'claim', unknown>> = {}
  outcomes: ((batch: readonly CommitRequest[]) => readonly CommitOutcome[]) | undefined
  closed = 0
  readonly #inner = memoryStore({ keep: 5 })

  read() {
    return this.#inner.read()
  }

  async claim(): Promise<StoreClaim> {
    if ('claim' in this.faults) throw this.faults.claim
    const claim = await this.#inner.claim()
    return new Proxy(claim, {
      get: (target, name: keyof StoreClaim) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          if (name === 'close') this.closed++
          if (name in this.faults) throw this.faults[name]
          // Only `commit` is given a batch.
          if (name === 'commit' && this.outcomes) return this.outcomes(args[0] as readonly CommitRequest[])
          return method.apply(target, args)
        }
      },
    })
  }
}

/** Throws where it should reject. */
class HastyStore extends ForeignStore {
  override async claim(): Promise<StoreClaim> {
    const claim = await super.claim()
    return {
      ...claim,
      epoch: claim.epoch,
      list: (page) => {
        if ('list' in this.faults) throw this.faults.list
        return claim.list(page)
      },
    }
  }
}

async function start(store = new ForeignStore()) {
  const failures: Error[] = []
  const supervisor = await createSupervisor({
    store,
    clock: new ManualClock(),
    onFailed: (_, error) => void failures.push(error),
  })
  return { store, supervisor, failures }
}

const cause = new Error('socket hang up')
const told = {
  code: 'STORE_FAILED',
  location: 's3://bucket',
  service: 'counter',
  key: 'k',
  cause,
  message: 'The store s3://bucket failed: socket hang up. Mend what the cause names, then retry the service.',
}

describe('an error that is none of ours is told with store, service and key', () => {
  test.each<[string, (store: ForeignStore) => void]>([
    [
      'a commit rejects with it',
      (store) => {
        store.faults = { commit: cause }
      },
    ],
    [
      'it is the outcome of one request',
      (store) => {
        store.outcomes = (batch) => batch.map(() => ({ ok: false, error: cause }))
      },
    ],
  ])('when %s', async (_, breakIt) => {
    const { store, supervisor, failures } = await start()
    const service = await supervisor.start(counter(), { key: 'k' })
    breakIt(store)
    const sent = service.send({ type: 'INC' })
    await expect(sent).rejects.toBeInstanceOf(StoreFailedError)
    await expect(sent).rejects.toMatchObject(told)
    expect(failures).toMatchObject([told])
    expect(service.getSnapshot().context.failure).toBe(failures[0])
    store.faults = {}
    store.outcomes = undefined
    await service.retry()
    await service.send({ type: 'INC' })
    expect(service.machine.getSnapshot().context.n).toBe(1)
    await supervisor.close()
  })

  test('when a checkpoint cannot be loaded', async () => {
    const { store, supervisor, failures } = await start()
    store.faults = { load: cause }
    const service = await supervisor.start(counter(), { key: 'k' })
    expect(failures).toMatchObject([told])
    store.faults = {}
    await service.retry()
    expect(service.getSnapshot().value).toBe('running')
    await supervisor.close()
  })

  test('each service of a batch is told of its own', async () => {
    const { store, supervisor } = await start()
    const services = [
      await supervisor.start(counter(), { key: 'a' }),
      await supervisor.start(counter(), { key: 'b' }),
    ]
    store.faults = { commit: cause }
    const outcomes = await Promise.allSettled(services.map((service) => service.send({ type: 'INC' })))
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'STORE_FAILED', key: 'a', cause } },
      { status: 'rejected', reason: { code: 'STORE_FAILED', key: 'b', cause } },
    ])
    await supervisor.close()
  })

  test('when a batch has fewer outcomes than requests', async () => {
    const { store, supervisor } = await start()
    const service = await supervisor.start(counter(), { key: 'k' })
    store.outcomes = () => []
    await expect(service.send({ type: 'INC' })).rejects.toMatchObject({
      ...told,
      cause: { message: 'it gave no outcome for this request' },
      message: expect.stringContaining('The store s3://bucket failed: it gave no outcome for this request.'),
    })
    await supervisor.close()
  })

  test('when the supervisor asks for itself', async () => {
    const { store, supervisor } = await start()
    const { service: _, key: __, ...withoutKey } = told
    store.faults = { list: cause, remove: cause, load: cause }
    await expect(supervisor.list()).rejects.toMatchObject(withoutKey)
    await expect(supervisor.remove('k')).rejects.toMatchObject({ ...withoutKey, key: 'k' })
    await expect(supervisor.get('k')).rejects.toMatchObject({ ...withoutKey, key: 'k' })
    store.faults = {}
    await supervisor.close()
  })

  test('when the last good checkpoint is looked for', async () => {
    const { store, supervisor } = await start()
    const service = await supervisor.start(counter(), { key: 'k' })
    store.faults = { commit: cause, history: cause }
    await service.send({ type: 'INC' }).catch(() => {})
    const { service: _, ...withoutService } = told
    await expect(service.retry({ lastGood: true })).rejects.toMatchObject(withoutService)
    store.faults = {}
    await supervisor.close()
  })

  test('when the store cannot be claimed', async () => {
    const store = new ForeignStore()
    store.faults = { claim: cause }
    await expect(createSupervisor({ store })).rejects.toMatchObject({
      code: 'STORE_FAILED',
      location: 's3://bucket',
      cause,
    })
  })
})

describe('what a store rejects with', () => {
  test.each<[string, unknown, string]>([
    ['a text', 'quota', 'The store s3://bucket failed: quota.'],
    ['a sentence', new Error('It broke.'), 'The store s3://bucket failed: It broke. '],
    ['an error without a message', new TypeError(''), 'The store s3://bucket failed: TypeError.'],
    ['nothing', undefined, 'The store s3://bucket failed: undefined.'],
  ])('may be %s', async (_, reason, message) => {
    const { store, supervisor } = await start()
    store.faults = { list: reason }
    await expect(supervisor.list()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(message),
    })
    await supervisor.close()
  })

  test('may be thrown without a promise', async () => {
    const { store, supervisor } = await start(new HastyStore())
    store.faults = { list: cause }
    await expect(supervisor.list()).rejects.toMatchObject({ code: 'STORE_FAILED', cause })
    await supervisor.close()
  })

  test.each(['rejects', 'gives it as every outcome'])(
    'is told to each service with its own key, where it is one error of ours: the store %s',
    async (way) => {
      const { store, supervisor, failures } = await start()
      const services = [
        await supervisor.start(counter(), { key: 'a' }),
        await supervisor.start(counter(), { key: 'b' }),
      ]
      const full = new StoreFullError('s3://bucket', { cause })
      if (way === 'rejects') store.faults = { commit: full }
      else store.outcomes = (batch) => batch.map(() => ({ ok: false, error: full }))
      const outcomes = await Promise.allSettled(services.map((service) => service.send({ type: 'INC' })))
      const { message, stack, location } = full
      const told = { code: 'STORE_FULL', service: 'counter', message, stack, location, cause }
      expect(outcomes).toMatchObject([{ reason: { ...told, key: 'a' } }, { reason: { ...told, key: 'b' } }])
      expect(failures).toMatchObject([{ key: 'a' }, { key: 'b' }])
      for (const error of failures) expect(error).toBeInstanceOf(StoreFullError)
      await supervisor.close()
    },
  )

  test.each([
    [cause, { code: 'STORE_FAILED', location: 's3://bucket', cause }],
    [new StoreFullError('s3://bucket'), { code: 'STORE_FULL' }],
  ])('is told as a warning where its claim carries it: %s', async (warning, told) => {
    const store: Store = {
      ...memoryStore(),
      location: 's3://bucket',
      claim: async () => ({ ...(await memoryStore().claim()), warning }),
    }
    const warnings: Error[] = []
    const onWarning = (error: Error) => void warnings.push(error)
    await (await createSupervisor({ store, onWarning })).close()
    expect(warnings).toMatchObject([told])
  })

  test('stays what it is where it is an error of ours', async () => {
    const { store, supervisor, failures } = await start()
    const service = await supervisor.start(counter(), { key: 'k' })
    const own = new StoreFailedError('elsewhere', { service: 'counter', key: 'k' })
    store.faults = { commit: own }
    await expect(service.send({ type: 'INC' })).rejects.toBe(own)
    expect(failures).toEqual([own])
    await supervisor.close()
  })
})
