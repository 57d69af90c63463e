import type { AnyActorRef, EventObject } from 'xstate'
import { StaleEpochError } from '../../src/errors/store.js'
import { conductorOf } from '../../src/runtime/service.js'
import type { ServiceDefinition } from '../../src/service/definition.js'
import { ticks } from '../../src/testing/world/clock.js'
import type { MortalStore, OwnerLife } from '../../src/testing/world/mortal-store.js'
import { type Done, OutsideWorld } from '../../src/testing/world/outside.js'
import type { MakeProcess, Surroundings } from '../../src/testing/world/process.js'
import { ServiceProcess } from '../../src/testing/world/service-process.js'

/** How many processes each world has made: one before it begins, and one for each time it does. */
const made = new WeakMap<Surroundings, number>()

/** One that does something wrong where another was before it: the twin, which nothing interrupts, never is one. */
function fromTheSecondOn(broken: MakeProcess): MakeProcess {
  return (surroundings) => {
    const before = made.get(surroundings) ?? 0
    made.set(surroundings, before + 1)
    return before < 2 ? new ServiceProcess(surroundings) : broken(surroundings)
  }
}

/** What it has brought back is not what there was. */
export function bringsBack(forge: (process: ServiceProcess) => void): MakeProcess {
  return fromTheSecondOn((surroundings) => {
    const process = new ServiceProcess(surroundings)
    const observe = process.observe.bind(process)
    process.observe = () => {
      forge(process)
      return observe()
    }
    return process
  })
}

/** What a child of the machine is like. */
export function childOf(process: ServiceProcess, id: string): object {
  const child: AnyActorRef | undefined = process.snapshot?.children[id]
  if (child === undefined) throw new Error(`there is no child “${id}”`)
  return child.getSnapshot()
}

/** An event waits that was never sent. */
export function waitsFor(process: ServiceProcess, event: EventObject): void {
  const { inbox } = conductorOf(process.service).engine.intake
  if (inbox.size === 0) inbox.add({ event, key: 'never sent', atMs: 0 })
}

function around(surroundings: Surroundings, other: Partial<Surroundings>): Surroundings {
  const { clock, store, outside, asWritten, inspection } = surroundings
  return { clock, store, outside, asWritten, inspection, ...other }
}

/** What it emits comes to the outside otherwise. */
export function tells(change: () => (done: Done) => readonly Done[]): MakeProcess {
  return fromTheSecondOn((surroundings) => {
    const changed = change()
    const outside = new OutsideWorld()
    outside.did = (done) => changed(done).every((told) => surroundings.outside.did(told))
    return new ServiceProcess(around(surroundings, { outside }))
  })
}

/** The second of two comes before the first. */
export function swapped(): (done: Done) => readonly Done[] {
  const waiting: Done[] = []
  return (done) => (waiting.push(done) === 2 ? waiting.splice(0).reverse() : [])
}

/** Who has lost the store writes to it nevertheless. */
export class WritesOn extends ServiceProcess {
  override get life(): OwnerLife {
    const life = super.life
    if (!(super.failure instanceof StaleEpochError)) return life
    return { written: life.written + 1, end: () => life.end() }
  }
}

/** Who has lost the store never notices. */
export class GoesOn extends ServiceProcess {
  override get failure(): Error | undefined {
    return super.failure instanceof StaleEpochError ? undefined : super.failure
  }
}

/** A damaged checkpoint is passed over, and nobody hears of it. */
export class PassesOver extends ServiceProcess {
  override async begin(definition: ServiceDefinition, input: unknown): Promise<void> {
    await super.begin(definition, input)
    await this.calm()
    if (this.failure !== undefined) await this.retry(true)
  }
}

/** Never releases the second of two holds. */
export class HoldsForEver extends ServiceProcess {
  override async resume(hold?: string): Promise<void> {
    if (hold !== 'another') await super.resume(hold)
  }
}

/** What comes while it is held is lost. */
export class LosesWhileHeld extends ServiceProcess {
  override async send(event: EventObject, key: string): Promise<unknown> {
    return conductorOf(this.service).state === 'paused' ? undefined : super.send(event, key)
  }
}

let sent = 0

/** Who sends again is not known again. */
export class KnowsNoKeys extends ServiceProcess {
  override send(event: EventObject, key: string): Promise<unknown> {
    return super.send(event, `${key} ${sent++}`)
  }
}

/** Forgets everything when it is stopped in order. */
export class ForgetsAtStop extends ServiceProcess {
  override async stop(): Promise<void> {
    await super.stop()
    await this.supervisor.remove(this.service.key)
  }
}

/** Emits before anything is durable. */
export class EmitsAtOnce extends ServiceProcess {
  #heard = true

  constructor(private readonly around: Surroundings) {
    super(around)
  }

  override send(event: EventObject, key: string): Promise<unknown> {
    const early = { key: undefined, name: 'early', what: 'emitted early' }
    if (this.#heard) this.around.outside.did(early)
    return super.send(event, key)
  }

  override stopListening(): void {
    super.stopListening()
    this.#heard = false
  }
}

const HURRY_TICKS = 30

/** A commit that takes long counts as one that failed. */
export const inAHurry: MakeProcess = (surroundings) => {
  const store: MortalStore = Object.create(surroundings.store)
  store.claim = async () => {
    const claim = await surroundings.store.claim()
    const tooLate = () =>
      ticks(HURRY_TICKS).then((): never => {
        throw new Error('this commit takes too long')
      })
    return { ...claim, commit: (batch) => Promise.race([claim.commit(batch), tooLate()]) }
  }
  return new ServiceProcess(around(surroundings, { store }))
}
