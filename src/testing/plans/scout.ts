import type { EventObject } from 'xstate'
import { platformTurn } from '../platform-turn.js'
import { plainText } from '../world/plain.js'
import { type Seen, type Try, type Way, waysFrom } from './graph.js'
import type { Step } from './steps.js'
import type { Takes } from './taken.js'
import type { TwinState, Twins } from './twins.js'

/** Most steps of one walk, so that no context that grows keeps it for long. */
const LONGEST_WALK = 100

/** What is looked for, and how far. */
export interface Search {
  readonly events: readonly EventObject[]
  readonly takes: Takes
  /** Ids of atomic states. It ends when all were seen. */
  readonly goals: readonly string[]
  readonly mostSteps: number
}

/** What was found. */
export interface Scouted {
  /** The shortest known way to each atomic state that was seen. */
  readonly ways: ReadonlyMap<string, Way>
  /** Whether everything was tried that the events allow. */
  readonly everywhere: boolean
}

/**
 * Looks ahead of the plans by chance, which seldom come far into a machine that ignores most events in most states: walks of the
 * twin, which try in each state what it takes, what was tried least first.
 */
export async function scout(twins: Twins, search: Search): Promise<Scouted> {
  const walks = new Walks(search)
  while (walks.goOn) {
    await platformTurn()
    await twins.walk(false, walks.begin())
  }
  return walks.found
}

class Walks {
  readonly #seen = new Map<string, Seen>()
  /** How often each step was tried, by the state in words. */
  readonly #tried = new Map<string, number>()
  readonly #goals: Set<string>
  #first: Seen | undefined
  #left: number
  /** Whether the last walk has tried something. */
  #goesOn = true

  constructor(private readonly search: Search) {
    this.#goals = new Set(search.goals)
    this.#left = search.mostSteps
  }

  get goOn(): boolean {
    return this.#goesOn && this.#left > 0 && this.#goals.size > 0
  }

  get found(): Scouted {
    const ways = new Map<string, Way>()
    if (this.#first !== undefined) {
      for (const way of waysFrom(this.#first)) {
        for (const id of way.to.state.active) if (!ways.has(id)) ways.set(id, way)
      }
    }
    const everywhere = [...this.#seen.values()].every(({ tries }) =>
      tries.every(({ to }) => to !== undefined),
    )
    return { ways, everywhere }
  }

  /** A walk from the beginning, which chooses its steps as it goes. */
  begin(): (state: TwinState) => Step | undefined {
    let last: Try | undefined
    let steps = 0
    this.#goesOn = false
    return (state) => {
      const here = this.#meet(state)
      this.#first ??= here
      if (last !== undefined) last.to = here
      last = this.#goals.size === 0 || this.#left <= 0 || steps >= LONGEST_WALK ? undefined : this.#next(here)
      if (last === undefined) return undefined
      if (last.to === undefined) this.#goesOn = true
      steps++
      this.#left--
      return last.step
    }
  }

  /** What was tried least here, or leads to the nearest state where something was not tried. */
  #next(here: Seen): Try | undefined {
    const count = ({ name }: Try) => this.#tried.get(name) ?? 0
    for (const { to, steps } of waysFrom(here)) {
      const open = to.tries.filter((one) => one.to === undefined)
      if (open.length === 0) continue
      const [first] = steps
      if (first !== undefined) return first
      const least = open.reduce((one, other) => (count(other) < count(one) ? other : one))
      this.#tried.set(least.name, count(least) + 1)
      return least
    }
    return undefined
  }

  #meet(state: TwinState): Seen {
    for (const id of state.active) this.#goals.delete(id)
    const known = this.#seen.get(state.id)
    if (known !== undefined) return known
    const seen: Seen = { state, tries: this.#triesIn(state) }
    this.#seen.set(state.id, seen)
    return seen
  }

  #triesIn({ lives, active, nextMs, state }: TwinState): Try[] {
    if (!lives) return []
    const { events, takes } = this.search
    const sends = events
      .filter(({ type }) => takes(active, type))
      .map((event): Step => ({ do: 'send', event }))
    const steps: readonly Step[] = nextMs === undefined ? sends : [...sends, { do: 'advance', ms: nextMs }]
    return steps.map((step) => ({
      step,
      name: `${state}\n${step.do === 'advance' ? '' : plainText(step)}`,
      to: undefined,
    }))
  }
}
