import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import { allNodes } from '../service/walk.js'
import { isOfPattern } from './descriptor.js'

/** A transition as XState keeps it, as far as it is shown. */
export interface Candidate {
  readonly source: Node
  readonly target: readonly Node[] | undefined
  readonly guard?: unknown
  readonly actions: readonly unknown[]
  /** Empty for `always`. */
  readonly eventType: string | null
}

/** A state node, likewise. */
export interface Node {
  readonly id: string
  readonly parent: Node | undefined
  readonly transitions: ReadonlyMap<string, readonly Candidate[]>
  readonly always: readonly Candidate[] | undefined
}

/** What a guard said, as the order tells in which XState asks. */
export interface GuardAnswer {
  readonly candidate: Candidate
  readonly index: number
  readonly passed: boolean
}

/** The transitions that a microstep event of XState tells of. */
export function takenIn(event: { readonly _transitions: unknown }): readonly Candidate[] {
  // XState types them by a machine that is not known here.
  return event._transitions as readonly Candidate[]
}

/**
 * Which guards were asked on the way to the transitions that were taken from this snapshot, and what they said: each before the
 * one that was taken said no, and so did all of the states inside. Nothing is asked again.
 */
export function guardAnswers(
  before: AnyMachineSnapshot,
  eventType: string,
  taken: readonly Candidate[],
): readonly GuardAnswer[] {
  if (!hasGuards(before.machine)) return NONE
  const answers: GuardAnswer[] = []
  const nodes = before._nodes as unknown as readonly Node[]
  for (const node of nodes) {
    const candidates = candidatesOf(node, eventType)
    if (!candidates.some(({ guard }) => guard !== undefined)) continue
    const chosen = taken.findIndex((transition) => candidates.includes(transition))
    const choice = taken[chosen]
    // Where a state inside has taken the event, this one was not asked.
    if (choice === undefined && taken.some(({ source }) => source !== node && isInside(source, node)))
      continue
    const end = choice === undefined ? candidates.length : candidates.indexOf(choice)
    for (const [index, candidate] of candidates.entries()) {
      if (index > end || candidate.guard === undefined) continue
      answers.push({ candidate, index, passed: index === end })
    }
  }
  return answers
}

const NONE: readonly GuardAnswer[] = []
const NOBODY: readonly Candidate[] = []
const guarded = new WeakMap<AnyStateMachine, boolean>()

/** Whether any transition of the machine has one; most machines have none, and most events come often. */
function hasGuards(machine: AnyStateMachine): boolean {
  let known = guarded.get(machine)
  if (known === undefined) {
    const nodes = allNodes(machine) as unknown as readonly Node[]
    const all = nodes.flatMap((node) => [...node.transitions.values(), node.always ?? []].flat())
    known = all.some(({ guard }) => guard !== undefined)
    guarded.set(machine, known)
  }
  return known
}

/** As XState finds them: those for the very event first, then those of each other descriptor that fits, the longest first. */
function candidatesOf(node: Node, eventType: string): readonly Candidate[] {
  if (eventType === '') return node.always ?? []
  const exact = node.transitions.get(eventType) ?? NOBODY
  const others = [...node.transitions].filter(
    ([descriptor]) => descriptor !== eventType && isOfPattern(eventType, descriptor),
  )
  if (others.length === 0) return exact
  others.sort(([a], [b]) => b.length - a.length)
  return [...exact, ...others.flatMap(([, candidates]) => candidates)]
}

function isInside(node: Node, of: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined; at = at.parent) if (at === of) return true
  return false
}
