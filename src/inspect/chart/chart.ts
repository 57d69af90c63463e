/** What is drawn of a machine: plain JSON, without its functions, bounded, the same for the same machine everywhere. */
export interface Chart {
  /** The machine's own id. */
  readonly id: string
  /** Eight hexadecimal digits: the same for the same chart, and for no other of one program. */
  readonly hash: string
  readonly root: ChartState
  /** States and transitions beyond the bounds, which are not in it. */
  readonly left?: { readonly states: number; readonly transitions: number }
}

export interface ChartState {
  /** XState's id of it: its own, or the machine's with the keys that lead to it. There once in a chart. */
  readonly id: string
  readonly key: string
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  /** The id of the state in which a compound state begins. */
  readonly initial?: string
  /** What a history state remembers. */
  readonly history?: 'shallow' | 'deep'
  readonly description?: string
  readonly tags?: readonly string[]
  /** Names of actions, `inline` for a function without a name. */
  readonly entry?: readonly string[]
  readonly exit?: readonly string[]
  readonly invoke?: readonly ChartInvoke[]
  readonly transitions?: readonly ChartTransition[]
  readonly states?: readonly ChartState[]
}

export interface ChartInvoke {
  readonly id: string
  /** The logic's name, `inline` for one that has none. */
  readonly src: string
}

export interface ChartTransition {
  /** The source's id, what triggers it, and its place among those. */
  readonly id: string
  readonly trigger: ChartTrigger
  /** XState's type of the event that triggers it; empty where none does. */
  readonly event: string
  readonly guard?: string
  readonly actions?: readonly string[]
  /** Ids of states; none for a transition that stays. */
  readonly targets?: readonly string[]
  /** Targets that the machine does not have, as its config writes them. */
  readonly unknownTargets?: readonly string[]
  readonly reenter?: true
  readonly description?: string
}

export type ChartTrigger =
  | { readonly type: 'event'; readonly event: string }
  /** `delayMs` where it is known without running the machine. */
  | { readonly type: 'after'; readonly delay: string; readonly delayMs?: number }
  | { readonly type: 'always' }
  /** Where a history state leads that remembers nothing. */
  | { readonly type: 'default' }
  /** The state itself came to its end. */
  | { readonly type: 'done' }
  /** An invoked actor is done, has failed, or shows something new. */
  | {
      readonly type: 'done-actor' | 'error-actor' | 'snapshot-actor'
      readonly actor: string
      /** The name of its logic. */
      readonly src: string
    }
