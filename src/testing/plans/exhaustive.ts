import { isOf } from '../is-of.js'
import { plainText } from '../world/plain.js'
import { around } from './around.js'
import type { Reached } from './explore.js'
import { CRASH_POINTS, type InterruptionKind, REST_KINDS, type Step, TIME_KINDS } from './steps.js'
import type { TwinState } from './twins.js'

/** Most steps of a plan beyond the way to its first state. */
const LONGEST_ROUND = 40

/** One cell: an interruption in a state, and what comes next. */
interface Cell {
  readonly interruption: readonly Step[]
  readonly name: string
  readonly to: string | undefined
}

/** Every state × every kind of interruption × what comes next, as few plans that go on from cell to cell. */
export class Rounds {
  readonly #open = new Map<string, Map<string, Cell>>()

  constructor(
    private readonly space: ReadonlyMap<string, Reached>,
    kinds: readonly InterruptionKind[],
  ) {
    for (const { id, next, lives, nextMs } of space.values()) {
      if (!lives) continue
      const cells = next.flatMap((one) =>
        kinds.flatMap((kind) => this.#cells(kind, one, nextMs).map((cell) => [cell.name, cell] as const)),
      )
      if (cells.length > 0) this.#open.set(id, new Map(cells))
    }
  }

  /** The next plan: the way to a cell, and from there on as long as there are cells; undefined: all are filled. */
  next(): readonly Step[] | undefined {
    const [id] = this.#open.keys()
    const from = id === undefined ? undefined : this.space.get(id)
    if (from === undefined) return undefined
    const plan: Step[] = [...from.path]
    const planned = new Set<string>()
    for (let at: Reached | undefined = from; at !== undefined; ) {
      const cell: Cell | undefined = this.#unplanned(at.id, planned)
      if (cell === undefined || plan.length - from.path.length >= LONGEST_ROUND) break
      planned.add(`${at.id}\n${cell.name}`)
      // The way to the first one is sure to lead there.
      if (at === from) this.#fill(at.id, cell.name)
      plan.push(...cell.interruption)
      at = cell.to === undefined ? undefined : this.space.get(cell.to)
    }
    return plan
  }

  /** Marks what a plan has filled, by the states in which its steps found the twin. */
  filled(plan: readonly Step[], twin: readonly TwinState[]): void {
    for (const [index, step] of plan.entries()) {
      const id = twin[index]?.id ?? ''
      this.#fill(id, nameOf(step))
      const next = plan[index + 1]
      if (next !== undefined) this.#fill(id, nameOf(step, next))
    }
  }

  #fill(id: string, name: string): void {
    const cells = this.#open.get(id)
    cells?.delete(name)
    if (cells?.size === 0) this.#open.delete(id)
  }

  #unplanned(id: string, planned: ReadonlySet<string>): Cell | undefined {
    for (const [name, cell] of this.#open.get(id) ?? []) if (!planned.has(`${id}\n${name}`)) return cell
    return undefined
  }

  #cells(kind: InterruptionKind, { step, to }: Reached['next'][number], nextMs: number | undefined): Cell[] {
    const cell = (...interruption: Step[]): Cell => ({ interruption, name: nameOf(...interruption), to })
    if (isOf(TIME_KINDS, kind)) {
      // Shorter than what is waited for, so that the state is still this one.
      return [cell({ do: kind, ms: nextMs === undefined ? 10 : Math.max(1, nextMs >> 1) }, step)]
    }
    // A life that is upgraded has begun with the earlier version: see `upgradePlans`.
    if (isOf(REST_KINDS, kind)) return kind === 'upgrade' ? [] : [cell({ do: kind }, step)]
    if (step.do === 'retry') return []
    const points = kind === 'crash' ? CRASH_POINTS : CRASH_POINTS.slice(0, 1)
    return points.flatMap((at) => {
      const interrupted = around(kind, at, step)
      return interrupted === undefined ? [] : [cell(interrupted)]
    })
  }
}

const nameOf = (...steps: readonly Step[]) => steps.map(plainText).join('\n')
