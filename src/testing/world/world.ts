import type { EventObject } from 'xstate'
import { type Passing, SimulatedClock } from './clock.js'
import { restless, timeless, whereaboutsOf } from './endless.js'
import type { Invariants } from './invariants.js'
import { lookAt } from './look.js'
import { metEffect } from './met.js'
import { mortalStore, type OwnerLife } from './mortal-store.js'
import { noEarlier } from './no-earlier.js'
import { normalized } from './normalized.js'
import type { Observation } from './observe.js'
import type { EffectOracles } from './oracles.js'
import { OutsideWorld } from './outside.js'
import { plainText } from './plain.js'
import { followsClock, mayHave } from './policies.js'
import type { MakeProcess, Process, Surroundings } from './process.js'
import { ServiceProcess } from './service-process.js'
import type { StandIn } from './stand-ins.js'
import { stepBack } from './step-back.js'

/** What a world is made from. */
export interface WorldOptions {
  readonly standIn: StandIn
  /** The definition of an earlier version, with which a world begins that is upgraded later. */
  readonly earlier?: StandIn | undefined
  readonly input?: unknown
  readonly effects?: EffectOracles | undefined
  readonly invariants?: Invariants | undefined
  readonly normalize?: ((seen: Observation) => unknown) | undefined
  /** What keeps the machine over the store. Default: a service of this library. */
  readonly process?: MakeProcess | undefined
  /** Looks on at each of its processes. */
  readonly inspection?: Surroundings['inspection']
  /** Hears of each world that is made of these. */
  readonly onWorld?: (() => void) | undefined
}

const serviceProcess: MakeProcess = (surroundings) => new ServiceProcess(surroundings)

/** Hears what happens in a world: who tells whom, and what. */
export type Listener = (from: Participant, to: Participant, told: string) => void

export type Participant = 'you' | 'service' | 'store' | 'outside'

/** What comes of an event that was sent, as soon as it is known. */
export interface Answer {
  /** What it was refused with. */
  readonly refusal?: unknown
}

/** One service, in one process after another, over one store, on a simulated clock. */
export class World {
  readonly clock = new SimulatedClock()
  readonly store = mortalStore()
  readonly outside: OutsideWorld
  /** What must never be, in words. */
  readonly broken: string[] = []
  /** Whether it has timers that lose what passed since the last checkpoint. */
  readonly loses: boolean
  /** Whether all timers are due when the clock says so, whatever a process was there to see. */
  readonly followsClock: boolean
  #process: Process
  /** What its processes run now. */
  standIn: StandIn
  #sent = 0
  /** What came last to the service from outside, in words. */
  #last = 'its start'

  /**
   * @param upgraded it begins with the earlier version
   * @throws {UnverifiableError} and that was not given
   */
  constructor(
    private readonly options: WorldOptions,
    upgraded = false,
    private readonly listener?: Listener,
  ) {
    options.onWorld?.()
    this.loses = mayHave('remaining', options)
    this.followsClock = followsClock(options)
    const { met } = options.standIn
    this.outside = new OutsideWorld(options.effects, (name) => void met.add(metEffect(name)))
    const standIn = upgraded ? options.earlier : options.standIn
    if (standIn === undefined) throw noEarlier(options.standIn.definition.id)
    this.standIn = standIn
    this.#process = this.#newProcess()
    standIn.enter(this)
    // Assigned by their names: see `installGate`.
    const dies = () => this.kill()
    const ends = (life: OwnerLife) => {
      if (life === this.#process.life) this.kill()
    }
    this.outside.onDeath = dies
    this.store.onDeath = ends
    if (listener === undefined) return
    this.outside.onDone = (told) => listener('service', 'outside', told)
    this.store.onCommit = (told) => listener('service', 'store', `commit ${this.store.commits}: ${told}`)
  }

  get process(): Process {
    return this.#process
  }

  get asWritten(): boolean {
    return this.options.standIn.asWritten.length > 0
  }

  get inspection(): Surroundings['inspection'] {
    return this.options.inspection
  }

  get #input(): unknown {
    return this.options.standIn.fresh(this.options.input)
  }

  #newProcess(): Process {
    return (this.options.process ?? serviceProcess)(this)
  }

  /** Whether the service takes events and interruptions. */
  get lives(): boolean {
    return this.#process.lives
  }

  /** The key of the next event that is sent. */
  nextKey(): string {
    return `event ${this.#sent++}`
  }

  tell(from: Participant, to: Participant, told: string): void {
    this.listener?.(from, to, told)
  }

  /** A process begins, and goes on with what another has left; that one need not know. */
  async begin(): Promise<void> {
    this.#process = this.#newProcess()
    this.tell('service', 'service', 'a process begins')
    await this.#process.begin(this.standIn.runs, this.#input)
    await this.calm()
    if (!this.store.torn || this.#process.killed) return
    await stepBack(this, () => this.#process.startAnew(this.standIn.runs, this.#input))
  }

  /**
   * Comes to rest; whoever has died or failed by the store meanwhile goes on. True where that was so, and who waits for
   * an answer must ask again.
   */
  async settle(): Promise<boolean> {
    await this.calm()
    if (this.#process.killed) {
      await this.begin()
      await this.settle()
      return true
    }
    if (!this.store.refused) return false
    this.store.refused = false
    if (this.#process.failure === undefined) return false
    this.tell('you', 'service', 'retry')
    await this.#process.retry()
    await this.settle()
    return true
  }

  /** From now on processes run the present version. */
  upgrade(): void {
    this.standIn = this.options.standIn
    this.standIn.enter(this)
  }

  /** kill -9: nothing of this process happens any more. */
  kill(): void {
    this.tell('service', 'service', 'kill -9')
    this.#process.kill()
  }

  /**
   * Sends an event and lets the world come to rest; who gets no answer sends it again under its key. An event that is
   * refused is refused in both worlds.
   */
  async send(event: EventObject, key = this.nextKey()): Promise<Answer> {
    const answer = this.sendFrom(this.#process, event, key)
    return (await this.settle()) ? this.send(event, key) : answer
  }

  /** Time passes while nobody looks. */
  jump(ms: number): void {
    this.tell('outside', 'service', `${ms} ms pass`)
    this.clock.jump(ms)
  }

  /**
   * Lets time pass.
   * @throws {UnverifiableError} a delay of the machine never lets it
   */
  async advance(ms: number, passing: Passing = {}): Promise<void> {
    this.tell('outside', 'service', `${ms} ms pass${passing.stands === true ? ', and the clock stands' : ''}`)
    await this.#pass(ms, passing)
  }

  /**
   * Fires what is due now: in a process that goes on it comes before anything else.
   * @throws {UnverifiableError} a delay of the machine never lets any time pass
   */
  async fireDue(): Promise<void> {
    if (this.clock.isDue) await this.#pass(0)
  }

  async #pass(ms: number, passing?: Passing): Promise<void> {
    if (ms > 0) this.#last = `${ms} ms`
    if (await this.clock.advance(ms, async () => void (await this.settle()), passing)) return
    throw timeless(this.standIn.definition.id, this.#process.observe().timers[0]?.event)
  }

  /** Sends an event to the service in that process, and waits for nothing. */
  sendFrom(process: Process, event: EventObject, key: string): Answer {
    this.tell('you', 'service', plainText(event))
    this.#last = `the event ${plainText(event)}`
    const answer: { refusal?: unknown } = {}
    void process.send(this.options.standIn.fresh(event), key).then((refusal) => {
      answer.refusal = refusal
    })
    return answer
  }

  /** Lets everything happen that waits for nothing but its turn. */
  async calm(process = this.#process): Promise<void> {
    if (await process.calm()) return
    const thrown = restless(this.standIn.definition.id, this.whereabouts)
    // It would go on from promise to promise, and let nothing else in this thread have its turn.
    process.kill()
    throw thrown
  }

  /** Where the service is, and after what, in words. */
  get whereabouts(): string {
    return whereaboutsOf(this.#last, this.#process.snapshot)
  }

  /** Milliseconds until the next of those timers is due or the outside answers; undefined: nothing is waited for. */
  nextMs({ timers }: Observation): number | undefined {
    const nowMs = this.clock.now()
    const dueAtMs = [...timers.slice(0, 1).map((timer) => timer.dueAtMs), this.outside.nextAnswerAtMs(nowMs)]
    const known = dueAtMs.filter((atMs) => atMs !== undefined)
    return known.length === 0 ? undefined : Math.max(0, Math.min(...known) - nowMs)
  }

  /** All that can be seen. */
  look(): Observation {
    return lookAt(this, this.options.invariants)
  }

  /**
   * What is compared of it: what an author leaves, whatever shape it has.
   * @throws {InvalidOptionError} they leave nothing
   */
  observe(seen = this.look()): Partial<Observation> {
    return normalized(seen, this.options.normalize)
  }
}
