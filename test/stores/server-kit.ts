import {
  createSupervisor,
  defineService,
  effectKey,
  type Service,
  type Store,
  type Supervisor,
} from 'tardigrade'
import { expect, onTestFinished } from 'vitest'
import { assign, setup } from 'xstate'
import { accepted, request } from '../../src/testing/contract/store/requests.js'

/** A service that counts, and tells the outside each time. */
function counter(told: string[]) {
  const machine = setup({
    types: {} as { context: { n: number }; events: { type: 'ADD' } },
    actions: { tell: () => void told.push(effectKey() ?? 'none') },
  }).createMachine({
    context: { n: 0 },
    on: { ADD: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'tell'] } },
  })
  return defineService({ id: 'counter', version: 1, machine })
}

/** How often an event is sent before a server is given up that should be there. */
const TRIES = 50

/** Services that count, and what has come of it. */
export class Counters {
  /** The keys of the effects, as they came outside. */
  readonly told: string[] = []
  readonly #definition = counter(this.told)
  readonly #acknowledged = new Map<string, number>()
  #services: readonly Service[] = []
  #supervisor: Supervisor | undefined

  constructor(private readonly keys: readonly string[]) {}

  /** Starts them, or has them go on. */
  async start(store: Store): Promise<void> {
    const supervisor = await createSupervisor({ store, onFailed: () => {} })
    this.#supervisor = supervisor
    onTestFinished(async () => void (await supervisor.close()))
    const services = await Promise.all(this.keys.map((key) => supervisor.start(this.#definition, { key })))
    // Whoever looks at all of them alike need not know their machine.
    this.#services = services as unknown as readonly Service[]
  }

  async close(): Promise<void> {
    await this.#supervisor?.close()
  }

  /** Retries those that have failed, whatever comes of it. */
  async retry(): Promise<void> {
    const failed = this.#services.filter((service) => service.getSnapshot().value === 'failed')
    await Promise.allSettled(failed.map((service) => service.retry()))
  }

  get(key: string): Service {
    const service = this.#services[this.keys.indexOf(key)]
    if (service === undefined) throw new Error(`no ${key}`)
    return service
  }

  /**
   * Sends so many events to each, one after another; again under the same key where the server was away for too long. `at` runs when
   * so many have been acknowledged in all.
   */
  async send(times: number, at: ReadonlyMap<number, () => unknown> = new Map()): Promise<void> {
    let sum = 0
    await Promise.all(
      this.keys.map(async (key) => {
        for (let sent = 0; sent < times; sent++) {
          await this.#sendUntilTaken(key)
          this.#acknowledged.set(key, this.acknowledged(key) + 1)
          await at.get(++sum)?.()
        }
      }),
    )
  }

  async #sendUntilTaken(key: string): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.get(key).send({ type: 'ADD' }, { key: `${key} ${this.acknowledged(key) + 1}` })
      } catch (error) {
        const { code } = error as { code?: string }
        if (tried === TRIES || (code !== 'STORE_UNREACHABLE' && code !== 'SERVICE_ENDED')) throw error
        await this.retry()
      }
    }
  }

  /** How many of the service's events were acknowledged. */
  acknowledged(key: string): number {
    return this.#acknowledged.get(key) ?? 0
  }

  /** What a service has counted, by its machine. */
  counted(key: string): unknown {
    return this.get(key).machine.getSnapshot().context.n
  }
}

/** The services of the tests of failures. */
export const KEYS = ['a', 'b', 'c', 'd', 'e']

/** Nothing that was acknowledged is missing, and nothing was told under two keys; in the next life, too. */
export async function expectWhole(counters: Counters, store: Store): Promise<void> {
  const acknowledged = KEYS.map((key) => counters.acknowledged(key))
  expect(KEYS.map((key) => counters.counted(key))).toEqual(acknowledged)
  await counters.close()
  await counters.start(store)
  expect(KEYS.map((key) => counters.counted(key))).toEqual(acknowledged)
  expect(new Set(counters.told).size).toBe(acknowledged.reduce((sum, count) => sum + count, 0))
}

/** What the platform tells from now on of timers that cannot hold their time, and so take none. */
export function overflows(): readonly Error[] {
  const told: Error[] = []
  const listener = (warning: Error) => {
    if (warning.name === 'TimeoutOverflowWarning') told.push(warning)
  }
  process.on('warning', listener)
  onTestFinished(() => void process.off('warning', listener))
  return told
}

/** Options of time that no timer can hold. */
export const LONG_MS = [50 * 86_400_000, Number.MAX_SAFE_INTEGER] as const

/** Has the server be away for longer than the store is patient: who waits behind a commit is told with it, and the claim goes on. */
export async function expectToldTogether(
  server: { kill(): Promise<void>; start(): Promise<void> },
  store: Store,
): Promise<void> {
  const claim = await store.claim()
  onTestFinished(() => claim.close())
  onTestFinished(() => server.start())
  await server.kill()
  const [first, second] = [claim.commit([request('a', 1)]), claim.commit([request('b', 1)])]
  const away = { code: 'STORE_UNREACHABLE' }
  const told = expect(second).rejects.toMatchObject(away)
  await expect(first).rejects.toMatchObject(away)
  await server.start()
  await told
  accepted(await claim.commit([request('b', 1)]))
}
