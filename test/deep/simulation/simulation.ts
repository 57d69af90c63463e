import { SimulatedClock, ticks } from '../../../src/testing/world/clock.js'
import { type CommitFate, mortalStore } from '../../../src/testing/world/mortal-store.js'
import { Random } from '../../crash/random.js'
import { account } from './account.js'
import { Outside } from './outside.js'
import { Process, type Shared } from './process.js'
import { WatchedStore } from './watched-store.js'

/** A part of the stack that is broken on purpose, to see that the alarm rings. */
export type Canary = 'store that loses commits' | 'service that acts early'

const NAMES = ['a', 'b', 'c']

const FATES: readonly CommitFate[] = [
  'death-before',
  'death-after',
  'torn',
  'refusal',
  'full',
  'slow',
  'slow',
]

/** Rounds of a second each in which everything must have come to rest. */
const MOST_ROUNDS = 60

/** Several services in one process after another, on one store, clock and host; all that happens is by a seed. */
export class Simulation {
  readonly violations: string[] = []
  /** What was done to it, for whoever looks into a violation. */
  readonly commands: string[] = []
  readonly #random: Random
  readonly #shared: Shared
  readonly #sent = new Map<string, number[]>(NAMES.map((name) => [name, []]))
  readonly #acknowledged = new Map<string, Set<number>>(NAMES.map((name) => [name, new Set()]))
  #process: Process
  #next = 0

  constructor(seed: number, canary?: Canary) {
    this.#random = new Random(seed)
    const inert = account({ did: () => {}, passes: async () => {} }, false)
    const watched = new WatchedStore(inert, canary === 'store that loses commits')
    this.#shared = {
      clock: new SimulatedClock(),
      store: mortalStore(watched),
      watched,
      outside: new Outside(),
      earlyEffects: canary === 'service that acts early',
    }
    this.#process = new Process(this.#shared)
    this.#shared.store.onDeath = (life) => {
      if (life === this.#process.life) this.#process.kill()
    }
  }

  /** Random commands, then an end of all faults. Returns how many commands there were. */
  async run(length: number): Promise<number> {
    await this.#boot()
    for (let step = 0; step < length && this.violations.length === 0; step++) {
      this.#command()
      await ticks(this.#random.below(40))
      if (!this.#process.lives) await this.#boot()
      this.#checkSafety()
    }
    if (this.violations.length === 0) await this.#comeToRest()
    return this.commands.length
  }

  async #boot(): Promise<void> {
    this.commands.push('boot')
    this.#process = new Process(this.#shared)
    const begun = this.#process.begin().then(() => NAMES.map((name) => this.#hush(this.#process.start(name))))
    await Promise.race([this.#hush(begun), ticks(2000)])
  }

  #command(): void {
    const { clock, store } = this.#shared
    const process = this.#process
    const name = NAMES[this.#random.below(NAMES.length)] ?? 'a'
    const service = process.services.get(name)
    const ms = 1 + this.#random.below(80)
    const hold = this.#random.below(2) === 0 ? 'offline' : 'background'
    const fate = FATES[this.#random.below(FATES.length)] ?? 'slow'
    const commands: readonly (readonly [weight: number, told: string, run: () => unknown])[] = [
      [12, `send ${name}`, () => this.#send(name)],
      [2, `send ${name} again`, () => this.#sendAgain(name)],
      [6, `${ms} ms pass`, () => clock.advance(ms, () => ticks(20))],
      [2, `pause ${name}`, () => service?.pause()],
      [3, `resume ${name}`, () => service?.resume()],
      [1, `stop ${name}`, () => service?.stop()],
      [3, `start ${name}`, () => process.start(name)],
      [2, `checkpoint ${name}`, () => service?.checkpoint()],
      [2, 'sleep', () => process.supervisor?.letGoIdle(0)],
      [1, `interrupt ${hold}`, () => process.host.interrupt(hold, { deadlineMs: 10 })],
      [2, `release ${hold}`, () => process.host.release(hold)],
      [2, `retry ${name}`, () => this.#retry(name)],
      [3, `the next commit: ${fate}`, () => store.next(fate)],
      [1, `the clock jumps ${ms} ms`, () => clock.jump(ms)],
      [1, `the clock is set back ${ms} ms`, () => clock.setBack(ms)],
      // Who had the store wakes, and need not know.
      [1, 'another process takes the store', () => this.#boot()],
      [2, 'kill', () => process.kill()],
      [1, 'close', () => process.close()],
    ]
    let dice = this.#random.below(commands.reduce((sum, [weight]) => sum + weight, 0))
    const chosen = commands.find(([weight]) => {
      dice -= weight
      return dice < 0
    })
    if (chosen === undefined) return
    this.commands.push(chosen[1])
    // What it comes to shows in what is stored and done.
    this.#hush(Promise.resolve().then(chosen[2]))
  }

  #hush(answer: Promise<unknown>): Promise<unknown> {
    return answer.catch(() => {})
  }

  #send(name: string): void {
    const n = this.#next++
    this.#sent.get(name)?.push(n)
    this.#tell(name, n)
  }

  #sendAgain(name: string): void {
    const sent = this.#sent.get(name) ?? []
    const n = sent[this.#random.below(sent.length)]
    if (n !== undefined) this.#tell(name, n)
  }

  #tell(name: string, n: number): void {
    const answer = this.#process.services.get(name)?.send({ type: 'ADD', n }, { key: `event ${n}` })
    answer?.then(
      () => void this.#acknowledged.get(name)?.add(n),
      () => {},
    )
  }

  /** As a program would: from the last checkpoint, and where that is damaged, from the one before. */
  async #retry(name: string): Promise<void> {
    const service = this.#process.services.get(name)
    const { value, context } = service?.getSnapshot() ?? {}
    if (service === undefined || value !== 'failed') return
    const { failure } = context ?? {}
    const damaged = failure !== undefined && 'code' in failure && failure.code === 'DAMAGED_CHECKPOINT'
    if (!damaged) return service.retry()
    try {
      await service.retry({ lastGood: true })
    } catch (error) {
      // There is none before the first: nothing of it was ever acknowledged.
      if (!(error instanceof Error && 'code' in error && error.code === 'NO_GOOD_CHECKPOINT')) throw error
      await this.#process.supervisor?.remove(name)
      await this.#process.start(name)
    }
  }

  /** What was acknowledged is durable, each once. */
  #checkSafety(): void {
    const { watched, outside } = this.#shared
    this.violations.push(...outside.violations.splice(0))
    for (const [name, acknowledged] of this.#acknowledged) {
      const { applied, waiting } = watched.durable.get(name) ?? {}
      const lost = [...acknowledged].filter((n) => !applied?.has(n) && !waiting?.has(n))
      if (lost.length > 0) this.violations.push(`${name}: acknowledged and not durable: ${lost.join(' ')}`)
    }
  }

  /** Faults end: whoever has failed is retried, what was not acknowledged is sent again, and time passes. */
  async #comeToRest(): Promise<void> {
    const { clock } = this.#shared
    this.commands.push('faults end')
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if (!this.#process.lives) await this.#boot()
      const { host } = this.#process
      for (const hold of ['offline', 'background']) this.#hush(host.release(hold))
      for (const name of NAMES) {
        await ticks(50)
        const service = this.#process.services.get(name)
        const state = service?.getSnapshot().value
        if (service === undefined || state === 'stopped') this.#hush(this.#process.start(name))
        else if (state === 'failed') this.#hush(this.#retry(name))
        else if (state === 'paused') this.#hush(service.resume())
        for (const n of this.#sent.get(name) ?? [])
          if (!this.#acknowledged.get(name)?.has(n)) this.#tell(name, n)
      }
      await ticks(100)
      await clock.advance(1000, () => ticks(40))
      await ticks(100)
      this.#checkSafety()
      if (this.violations.length > 0 || this.#unfinished() === undefined) return
    }
    this.violations.push(`it does not come to rest: ${this.#unfinished()}`)
  }

  /** What is still to be done; undefined where all is. What is done twice or in another order is a violation. */
  #unfinished(): string | undefined {
    for (const name of NAMES) {
      const service = this.#process.services.get(name)
      const state = service?.getSnapshot().value
      if (service === undefined || state !== 'running') return `${name} is ${state ?? 'not there'}`
      const { applied, due } = service.machine.getSnapshot().context
      const sent = this.#sent.get(name) ?? []
      const done = this.#shared.outside.done.get(name) ?? []
      if (applied.length < sent.length) return `${name} has applied ${applied.join(' ')} of ${sent.join(' ')}`
      if (due.length < sent.length) return `${name}: due are ${due.join(' ')} of ${sent.join(' ')}`
      if (done.length < 3 * sent.length)
        return `${name} has done ${done.length} of ${3 * sent.length} effects`
      if (new Set(applied).size !== sent.length)
        this.violations.push(`${name} has applied one twice: ${applied}`)
      const told = done
        .filter((what) => what.startsWith('ADD'))
        .map((what) => Number(what.slice('ADD '.length)))
      if (told.join() !== applied.join()) this.violations.push(`${name} applied ${applied}, and told ${told}`)
    }
    return undefined
  }
}
