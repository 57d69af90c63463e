/** Long work that can be told to stop at its next step. */
export interface InterruptibleWork {
  /** Asks softly: stop at the next step. */
  interrupt(): void
}

/** What a service offers to the long work inside its tree. */
export interface WorkPort {
  /** Resolves when all that was decided up to now is durable. */
  durable(): Promise<void>
  /** Stable key of the actor's work. */
  keyOf(actor: object): string
  /** Says that work runs; the result says that it does no more. */
  enter(work: InterruptibleWork): () => void
}

/** A weak map in its place would keep the ended trees of a young process from being forgotten for long. */
const PORT = Symbol('the port of a service')

/** XState's type of a system does not know what is put in here. */
const holder = (system: object) => system as { [PORT]?: WorkPort }

/** Lets the work inside an actor system find its service. */
export function offerWorkPort(system: object, port: WorkPort): void {
  holder(system)[PORT] = port
}

/** The port of the service that runs this actor system; undefined in plain XState. */
export function workPortOf(system: object): WorkPort | undefined {
  return holder(system)[PORT]
}
