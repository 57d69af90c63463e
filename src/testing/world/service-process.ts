import type { AnyMachineSnapshot, EventObject } from 'xstate'
import { NoGoodCheckpointError } from '../../errors/service.js'
import { supervise } from '../../runtime/create-supervisor.js'
import { isOwnFailure } from '../../runtime/failures.js'
import type { Inspection } from '../../runtime/inspection.js'
import { conductorOf, type Service } from '../../runtime/service.js'
import type { Supervisor } from '../../runtime/supervisor.js'
import { timerPolicy } from '../../runtime/timer-policy.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { effectKey } from '../../service/effect-key.js'
import { type ProcessClock, ticks } from './clock.js'
import type { OwnerLife } from './mortal-store.js'
import { observe, snapshotOf } from './observe.js'
import { plainText } from './plain.js'
import type { Process, Surroundings } from './process.js'

/** The key of the one service in a world. */
const KEY = 'verified'

/** Looks at a process that does not come to rest, before it counts as one that never will. */
const MOST_LOOKS = 2000

/** Turns of the promise queue between two looks. */
const LOOK_TICKS = 12

/** The same where something runs as written. */
const LOOK_TICKS_AS_WRITTEN = 100

/** A process with a service of this library in it. */
export class ServiceProcess implements Process {
  #supervisor: Supervisor | undefined
  #service: Service | undefined
  #listening: { unsubscribe(): void } | undefined
  #life: OwnerLife | undefined
  #inspection: Inspection | undefined
  #killed = false
  #tellDeath: () => void = () => {}
  readonly #death = new Promise<void>((resolve) => {
    this.#tellDeath = resolve
  })
  readonly clock: ProcessClock

  constructor(private readonly surroundings: Surroundings) {
    this.clock = surroundings.clock.process()
  }

  get supervisor(): Supervisor {
    if (this.#supervisor === undefined) throw new Error('the process has not begun')
    return this.#supervisor
  }

  get service(): Service {
    if (this.#service === undefined) throw new Error('the process has not begun')
    return this.#service
  }

  get life(): OwnerLife {
    if (this.#life === undefined) throw new Error('the process has not begun')
    return this.#life
  }

  get lives(): boolean {
    const { value } = this.service.getSnapshot()
    return value === 'running' || value === 'paused'
  }

  get killed(): boolean {
    return this.#killed
  }

  get failure(): Error | undefined {
    const { value, context } = this.service.getSnapshot()
    return value === 'failed' ? context.failure : undefined
  }

  get snapshot(): AnyMachineSnapshot | undefined {
    return snapshotOf(this.service)
  }

  async begin(definition: ServiceDefinition, input: unknown): Promise<void> {
    const { store } = this.surroundings
    const quiet = { onFailed: () => {}, onWarning: () => {}, chaos: false }
    this.#inspection = this.surroundings.inspection?.(this.clock)
    this.#supervisor = await supervise({ store, clock: this.clock, ...quiet }, async () => this.#inspection)
    this.#life = store.life
    await this.#start(definition, input)
  }

  async send(event: EventObject, key: string): Promise<unknown> {
    let refusal: unknown
    const sent = this.service.send(event, { key }).catch((error: unknown) => {
      refusal = error
    })
    await this.#outlived(sent)
    return refusal
  }

  pause(hold?: string): Promise<void> {
    return this.#outlived(this.service.pause(hold))
  }

  resume(hold?: string): Promise<void> {
    return this.#outlived(this.service.resume(hold))
  }

  checkpoint(): Promise<void> {
    return this.#outlived(this.service.checkpoint())
  }

  async retry(lastGood = false): Promise<boolean> {
    let there = true
    const retried = this.service.retry(lastGood ? { lastGood } : {}).catch((error: unknown) => {
      there = !(error instanceof NoGoodCheckpointError)
    })
    await this.#outlived(retried)
    return there && (this.failure === undefined || isOwnFailure(this.failure))
  }

  async startAnew(definition: ServiceDefinition, input: unknown): Promise<void> {
    await this.#outlived(this.supervisor.remove(this.service.key))
    await this.#start(definition, input)
  }

  stop(): Promise<void> {
    return this.#outlived(this.service.stop())
  }

  close(): Promise<void> {
    return this.#outlived(this.supervisor.close())
  }

  async sleep(): Promise<boolean> {
    // Nobody sleeps while somebody listens.
    this.stopListening()
    const slept = this.supervisor.letGoIdle() > 0
    this.#listen()
    await this.#outlived(this.supervisor.get(this.service.key))
    return slept
  }

  async moveTimers(byMs: number): Promise<void> {
    const policyOf = timerPolicy(this.service.definition)
    const nowMs = this.clock.now()
    const { tree } = conductorOf(this.service).engine
    // All of them, so that their order among each other stays.
    for (const timer of [...(tree?.timers.all() ?? [])]) {
      const policy = policyOf(timer.id)
      const dueAtMs =
        policy === 'restart' ? nowMs + timer.delayMs : timer.dueAtMs + (policy === 'remaining' ? byMs : 0)
      tree?.timers.adopt({ ...timer, dueAtMs })
    }
  }

  async #start(definition: ServiceDefinition, input: unknown): Promise<void> {
    // Whether this machine takes input is known to the author.
    const started = this.supervisor.start(definition, { key: KEY, input } as never)
    // It is there before it is revived; what it owes is emitted as it goes on.
    this.#service = this.supervisor.services().at(-1)
    this.#listen()
    await this.#outlived(started)
  }

  /** Waits for an answer, whatever it is; nobody gets one from a process that has died. */
  async #outlived(answer: Promise<unknown>): Promise<void> {
    await Promise.race([answer.catch(() => {}), this.#death])
  }

  /** Notes what the machine emits. */
  #listen(): void {
    this.#listening = this.#service?.machine.on('*', (event) => {
      const what = `emitted ${plainText(event)}`
      this.surroundings.outside.did({ key: effectKey(), name: event.type, what })
    })
  }

  stopListening(): void {
    this.#listening?.unsubscribe()
  }

  kill(): void {
    this.#killed = true
    this.#tellDeath()
    this.#life?.end()
    void this.#inspection?.close()
    this.stopListening()
    if (this.#service !== undefined) conductorOf(this.#service).engine.tree?.close()
    this.clock.forget()
  }

  async calm(): Promise<boolean> {
    const between = this.surroundings.asWritten ? LOOK_TICKS_AS_WRITTEN : LOOK_TICKS
    for (let look = 0; look < MOST_LOOKS; look++) {
      await ticks(between)
      if (!this.#atRest()) continue
      // What came to rest may still tell somebody.
      await ticks(between)
      if (this.#atRest()) return true
    }
    return false
  }

  observe() {
    return observe(this.service)
  }

  #atRest(): boolean {
    if (this.#service === undefined || this.#killed) return true
    const { engine, state } = conductorOf(this.#service)
    if (state === 'resuming' || state === 'checkpointing') return false
    return !engine.ledger.unwritten && !engine.intake.draining && (engine.tree?.effects.pending ?? 0) === 0
  }
}
