import {
  createSupervisor,
  type Service,
  type ServiceDefinition,
  type StartArguments,
  type Store,
  type StoreClaim,
  type Supervisor,
  type SupervisorOptions,
} from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import { ManualClock, settle } from './clock.js'

const never = new Promise<never>(() => {})

export interface MortalStore extends Store {
  kill(): void
  /** Its owner dies when the next commit is written, before it hears of it. */
  killAfterCommit(): void
}

/** A store whose owner can die: what it had not committed by then is never written, and never answered. */
export function mortalStore(): MortalStore {
  const inner = memoryStore({ keep: 10 })
  const claimed = inner.claim()
  let epoch = 0
  let alive = { now: true }
  let doomed = false
  const kill = () => {
    doomed = false
    alive.now = false
    alive = { now: true }
  }
  return {
    location: 'mortal',
    durability: 'none',
    read: () => inner.read(),
    kill,
    killAfterCommit() {
      doomed = true
    },
    async claim() {
      const claim = await claimed
      const life = alive
      epoch++
      return new Proxy(claim, {
        get(target, name) {
          if (name === 'epoch') return epoch
          // Reading and writing end with the life; closing must not close the store for the next.
          if (name === 'close') return async () => {}
          const method: unknown = Reflect.get(target, name)
          if (typeof method !== 'function') return method
          return (...args: unknown[]) => {
            if (!life.now) return never
            const answer: unknown = method.apply(target, args)
            if (name !== 'commit' || !doomed) return answer
            kill()
            return never
          }
        },
      }) as StoreClaim
    },
  }
}

/** A service in a process that can be killed and started again, on a clock that we hold. */
export class Life<TMachine extends AnyStateMachine> {
  readonly store = mortalStore()
  readonly clock = new ManualClock()
  readonly failures: Error[] = []
  readonly warnings: Error[] = []
  #supervisor: Supervisor | undefined

  constructor(
    readonly definition: ServiceDefinition<TMachine>,
    private readonly input?: InputFrom<TMachine>,
    public options: Partial<SupervisorOptions> = {},
  ) {}

  get supervisor(): Supervisor {
    if (this.#supervisor === undefined) throw new Error('not started')
    return this.#supervisor
  }

  /** Starts, or goes on. */
  async start(): Promise<Service<TMachine>> {
    this.#supervisor = await createSupervisor({
      store: this.store,
      clock: this.clock,
      onFailed: (_, error) => void this.failures.push(error),
      onWarning: (warning) => void this.warnings.push(warning),
      ...this.options,
    })
    const options = { key: 'life', ...(this.input === undefined ? {} : { input: this.input }) }
    // Whether this machine needs input is known to whoever made this life.
    const service = await this.#supervisor.start(
      this.definition,
      ...([options] as unknown as StartArguments<InputFrom<TMachine>>),
    )
    await settle()
    return service
  }

  /** kill -9: nothing more of this life is written. */
  kill(): void {
    this.store.kill()
  }

  /** kill -9 when what an event decides is durable, and nothing of that has happened outside yet. */
  async cutOff(service: Service<TMachine>, event: EventFromLogic<TMachine>): Promise<void> {
    await settle()
    this.store.killAfterCommit()
    void service.send(event)
    await settle()
  }

  /** kill -9, then a start of the same service in a new life. */
  async restart(): Promise<Service<TMachine>> {
    this.kill()
    return this.start()
  }
}
