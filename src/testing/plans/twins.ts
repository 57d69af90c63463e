import type { AnyMachineSnapshot } from 'xstate'
import { BrokenInvariantError, type LedTo } from '../../errors/testing.js'
import { answerOf } from '../world/late.js'
import type { Observation } from '../world/observe.js'
import { undisturbed } from '../world/perform.js'
import { plainText } from '../world/plain.js'
import { followingClock, mayHave } from '../world/policies.js'
import { stateInWords } from '../world/state-in-words.js'
import { World, type WorldOptions } from '../world/world.js'
import { checkBegins, checkEnds, checkKept, checkUpgraded, failedWith, led } from './check-twin.js'
import { type Step, type TwinStep, twinStep } from './steps.js'

/** What the twin is like after a step, for those who compare and for those who plan. */
export interface TwinState {
  readonly seen: Partial<Observation>
  /** The machine's state, in words. */
  readonly state: string
  /** Ids of the atomic states that are active. */
  readonly active: readonly string[]
  /** Milliseconds until the next timer is due or the outside answers; undefined: neither is waited for. */
  readonly nextMs: number | undefined
  /** Whether it takes events and interruptions. */
  readonly lives: boolean
  /** What its machine has failed with, though nothing interrupted; undefined: it has not. */
  readonly failed: string | undefined
  /** How often callbacks and observables were started, by their names. */
  readonly starts: ReadonlyMap<string, number>
  /** What tells states apart. */
  readonly id: string
}

/** How states are told apart beyond their value and history; undefined: by all that can be seen of the machine. */
export type StateKey = ((snapshot: AnyMachineSnapshot) => unknown) | undefined

/** So many states are remembered where most plans share their beginnings with others. */
const MOST_REMEMBERED = 20_000

/** The twin, which nothing interrupts: what it is like after each step of a plan, run once for all plans alike. */
export class Twins {
  readonly #known = new Map<string, TwinState>()
  /** Whether timers begin again where the other begins a life. */
  readonly renews: boolean
  /** Whether it is told what has interrupted the other. */
  readonly resumes: boolean
  #following: Twins | undefined

  constructor(
    readonly options: WorldOptions,
    private readonly key?: StateKey,
    /** States beyond these are forgotten, all at once. What is remembered for long costs the garbage collector. */
    private readonly mostRemembered = MOST_REMEMBERED,
    /** Whether the present version is still to come, wherever its steps end. */
    private readonly beforeUpgrade = false,
  ) {
    this.renews = mayHave('restart', options)
    this.resumes = [options.standIn, options.earlier].some(
      (one) => one?.definition.resumedEvent !== undefined,
    )
  }

  /** The twins whose timers follow the clock. */
  get followingClock(): Twins {
    const options = followingClock(this.options)
    if (options === this.options) return this
    this.#following ??= this.#with(options)
    return this.#following
  }

  /** Twins of the earlier version alone. */
  get ofEarlier(): Twins {
    const { earlier, ...rest } = this.options
    return this.#with({ ...rest, standIn: earlier ?? rest.standIn }, true)
  }

  #with(options: WorldOptions, beforeUpgrade = this.beforeUpgrade): Twins {
    return new Twins(options, this.key, this.mostRemembered, beforeUpgrade)
  }

  /** One state for the beginning and one for each step; a step that only interrupts has that of the one before. */
  async along(steps: readonly Step[]): Promise<readonly TwinState[]> {
    const names = prefixes(steps.map((step) => twinStep(step, this.renews, this.resumes)))
    if (names.some((name) => !this.#known.has(name))) {
      let come = 0
      await this.walk(upgrades(steps), () => steps[come++])
    }
    // They were all just put in, or known.
    return names.map((name) => this.#known.get(name) as TwinState)
  }

  /** Runs it anew, to see whether it is the same again. */
  async again(steps: readonly Step[]): Promise<readonly TwinState[]> {
    return this.#with(this.options).along(steps)
  }

  /**
   * Runs and remembers it, each step chosen when it is known what it is like there. Returns the steps.
   * @param upgraded it begins with the earlier version
   * @param next what comes next in that state; undefined: nothing more
   */
  async walk(upgraded: boolean, next: (state: TwinState) => Step | undefined): Promise<readonly Step[]> {
    if (this.#known.size > this.mostRemembered) this.#known.clear()
    const { definition } = this.options.standIn
    const world = new World(this.options, upgraded)
    const steps: Step[] = []
    const own: (TwinStep | undefined)[] = []
    const ledTo = () => led(definition, steps, own, this.beforeUpgrade || (upgraded && !upgrades(own)))
    let name = beginning(upgraded)
    await world.begin()
    checkBegins(world, definition.id)
    await world.fireDue()
    let state = this.#note(name, world, ledTo)
    for (let step = next(state); step !== undefined; step = next(state)) {
      const twins = twinStep(step, this.renews, this.resumes)
      steps.push(step)
      own.push(twins)
      if (twins === undefined) continue
      name = after(name, twins)
      const { failure } = world.process
      await undisturbed(world, twins)
      if (twins.do === 'upgrade') checkUpgraded(world, this.options, ledTo, failure)
      state = this.#note(name, world, ledTo)
    }
    world.kill()
    return steps
  }

  #note(name: string, world: World, ledTo: () => LedTo<Step>): TwinState {
    // One without has failed at its start or its upgrade, and has been told.
    const snapshot = world.process.snapshot as AnyMachineSnapshot
    const { id: service } = this.options.standIn.definition
    checkEnds(world, service)
    checkKept(world, service, ledTo)
    const all = world.look()
    const [broken] = all.invariants ?? []
    if (broken !== undefined) throw new BrokenInvariantError(broken, ledTo(), { service })
    const active = all.machine.order ?? []
    const nextMs = world.nextMs(all)
    // An author who normalizes may change what is given.
    const seen = world.observe(all)
    const state = {
      seen,
      state: stateInWords(snapshot.value),
      active,
      nextMs,
      lives: world.lives,
      failed: failedWith(world),
      starts: new Map(world.outside.starts),
      id: this.#id(snapshot, seen, world.outside.turns),
    }
    this.#known.set(name, state)
    return state
  }

  #id(snapshot: AnyMachineSnapshot, { machine, timers }: Partial<Observation>, turns: unknown): string {
    const { value, historyValue } = snapshot
    if (this.key !== undefined) {
      const history = Object.entries(historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id)])
      return [value, history, answerOf('key', () => this.key?.(snapshot)), turns].map(plainText).join('\n')
    }
    // When a timer is due says nothing of where it leads. An author who normalizes leaves what they like.
    return JSON.stringify([
      value,
      machine,
      Array.isArray(timers) ? timers.map(({ id, from }) => [id, from]) : timers,
      turns,
    ])
  }
}

/** Whether a plan begins with the earlier version. */
export function upgrades(steps: readonly ({ readonly do: string } | undefined)[]): boolean {
  return steps.some((step) => step?.do === 'upgrade')
}

/** A name for what the twin has done up to each step. */
function prefixes(steps: readonly (TwinStep | undefined)[]): readonly string[] {
  let name = beginning(upgrades(steps))
  const names = [name]
  for (const step of steps) {
    if (step !== undefined) name = after(name, step)
    names.push(name)
  }
  return names
}

const beginning = (upgraded: boolean) => (upgraded ? 'earlier' : '')

const after = (name: string, step: TwinStep) => `${name}\n${plainText(step)}`
