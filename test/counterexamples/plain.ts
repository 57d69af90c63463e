import superjson from 'superjson'
import { type Actor, type AnyActorLogic, type AnyStateMachine, createActor, SimulatedClock } from 'xstate'

/** Plain XState over an interruption: persist, encode, decode, restore, on one simulated clock. */
export class Plain<TMachine extends AnyStateMachine> {
  readonly clock = new SimulatedClock()
  actor: Actor<TMachine>

  constructor(private readonly machine: TMachine) {
    this.actor = this.#make(undefined)
  }

  /** Dies and comes back, as XState's documentation says it should. */
  restart(machine: AnyStateMachine = this.machine): void {
    const text = superjson.stringify(this.actor.getPersistedSnapshot())
    this.actor = this.#make(superjson.parse(text), machine)
  }

  #make(snapshot: unknown, machine: AnyStateMachine = this.machine): Actor<TMachine> {
    const options = snapshot === undefined ? {} : { snapshot }
    const actor = createActor(machine as AnyActorLogic, { clock: this.clock, ...options } as never)
    actor.subscribe({ error: () => {} })
    actor.start()
    // One machine, or a changed version of it.
    return actor as unknown as Actor<TMachine>
  }
}
