import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'
import type { Entry, Microstep, Path } from '../../../src/inspect/stream/entry.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { activeIn, mark } from '../store/charts.js'
import { isSamePath } from '../store/paths.js'
import { fieldOf } from '../store/values.js'
import type { Box, Figure } from './figure.js'

/** What of a chart is alive at one moment. */
export interface Live {
  readonly active: ReadonlySet<string>
  /** Transitions that were taken last. */
  readonly taken: ReadonlySet<string>
  /** Ids of actors that the machine has. */
  readonly actors: ReadonlySet<string>
  /** Delays that run, by the type of the event that comes at their end. */
  readonly timers: ReadonlyMap<string, { readonly dueAtMs: number; readonly delayMs: number }>
}

export const NOTHING: Live = { active: new Set(), taken: new Set(), actors: new Set(), timers: new Map() }

/** Whether no active state is drawn within this one: of a folded one, those within are not to be seen. */
export function isInnermost({ state, children }: Box, active: ReadonlySet<string>): boolean {
  return active.has(state.id) && !children.some((child) => active.has(child.state.id))
}

/** Ids of the active states that have none within them in a figure: of a parallel machine they are several. */
export function innermost({ boxes }: Figure, active: ReadonlySet<string>): readonly string[] {
  return [...boxes.values()].filter((box) => isInnermost(box, active)).map(({ state }) => state.id)
}

/**
 * Those of them to which the transitions led that were taken last, none where nothing is known of those. Of a transition around another one, such
 * as the lifecycle's around that of its machine, the inner one tells it.
 */
export function arrivedAt(figure: Figure, { active, taken }: Live): readonly string[] {
  const { boxes, edges } = figure
  const ends = new Set<Box | undefined>()
  for (const box of boxes.values())
    if (box.rows.some(({ kind, of }) => kind === 'stay' && taken.has(of))) ends.add(box)
  for (const { target, transitions } of edges) {
    const box = boxes.get(target)
    if (transitions.some(({ id }) => taken.has(id)))
      ends.add(box?.state.type === 'history' ? box.parent : box)
  }
  for (const end of [...ends]) for (let box = end?.parent; box; box = box.parent) ends.delete(box)
  const isEnd = (box: Box | undefined): boolean => box !== undefined && (ends.has(box) || isEnd(box.parent))
  return innermost(figure, active).filter((id) => isEnd(boxes.get(id)))
}

/** What is alive of a chart: of a machine's, which is the author's or one of its actors, of the lifecycle's, or of the one within the other. */
export function liveOf(
  state: ServiceState,
  path: Path,
  machine: Chart | undefined,
  lifecycle: Chart | undefined,
  last: {
    readonly step: Entry | undefined
    readonly lifecycle: Entry | undefined
    readonly lifecycleBefore: string | undefined
  },
): Live {
  const own = state.actors.find(({ actor }) => isSamePath(actor, path))
  const active = new Set(machine === undefined ? [] : activeIn(machine.root, fieldOf(own?.snapshot, 'value')))
  const taken = new Set<string>()
  if (machine !== undefined && last.step?.kind === 'step')
    for (const id of takenIn(machine.root, last.step.microsteps ?? [])) taken.add(id)
  if (lifecycle !== undefined) {
    for (const id of activeIn(lifecycle.root, state.lifecycle)) active.add(mark(id))
    if (last.lifecycle?.kind === 'lifecycle')
      for (const id of takenByLifecycle(lifecycle.root, last.lifecycleBefore, last.lifecycle))
        taken.add(mark(id))
  }
  return {
    active,
    taken,
    actors: new Set(
      state.actors.flatMap(({ actor }) =>
        actor.length > 0 && isSamePath(actor.slice(0, -1), path) ? [actor.at(-1) ?? ''] : [],
      ),
    ),
    timers: new Map(
      state.timers
        .filter(({ actor }) => isSamePath(actor, path))
        .map(({ event, dueAtMs, delayMs }) => [String(fieldOf(event, 'type')), { dueAtMs, delayMs }]),
    ),
  }
}

/** Ids of the transitions that a step took: those of the source, the event and the targets that it names. */
export function takenIn(root: ChartState, microsteps: readonly Microstep[]): readonly string[] {
  const found: string[] = []
  const bySource = new Map<string, ChartState>()
  const visit = (state: ChartState): void => {
    bySource.set(state.id, state)
    for (const child of state.states ?? []) visit(child)
  }
  visit(root)
  for (const { event, transitions } of microsteps) {
    for (const { source, targets, guard } of transitions) {
      const candidates = (bySource.get(source)?.transitions ?? []).filter(
        (transition) =>
          fits(transition.event, event) &&
          sameTexts(transition.targets ?? [], targets) &&
          (guard === undefined) === (transition.guard === undefined),
      )
      const taken = candidates.find((transition) => transition.guard === guard) ?? candidates[0]
      if (taken !== undefined) found.push(taken.id)
    }
  }
  return found
}

/** The stream tells where the lifecycle went and of which event; the transition is what leads there. */
function takenByLifecycle(
  root: ChartState,
  before: string | undefined,
  { event, state }: { readonly event: string; readonly state: string },
): readonly string[] {
  const target = root.states?.find(({ key }) => key === state)?.id
  const source = root.states?.find(({ key }) => key === before)
  return [source, root]
    .flatMap((from) => from?.transitions ?? [])
    .filter((transition) => transition.event === event || transition.event === '')
    .filter(({ targets = [] }) => target !== undefined && targets.includes(target))
    .slice(0, 1)
    .map(({ id }) => id)
}

function fits(descriptor: string, event: string): boolean {
  if (descriptor === event || descriptor === '*') return true
  return descriptor.endsWith('.*') && event.startsWith(descriptor.slice(0, -1))
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}
