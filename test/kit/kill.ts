import {
  createSupervisor,
  DefinitionWarningsError,
  type Service,
  type ServiceDefinition,
  type StartArguments,
  type Supervisor,
  type SupervisorOptions,
} from 'tardigrade'
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import { mortalStore } from '../../src/testing/world/mortal-store.js'
import { ManualClock, settle } from './clock.js'

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
      onWarning: (warning) => {
        // What preflight warns of is the definition's, whatever happens to it.
        if (!(warning instanceof DefinitionWarningsError)) this.warnings.push(warning)
      },
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
    this.store.next('death-after')
    void service.send(event)
    await settle()
  }

  /** kill -9, then a start of the same service in a new life. */
  async restart(): Promise<Service<TMachine>> {
    this.kill()
    return this.start()
  }
}
