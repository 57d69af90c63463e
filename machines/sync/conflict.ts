import type { RowData } from './tables.js'

/** One side of a conflict. */
export interface Side {
  /** Null: deleted. */
  readonly data: RowData | null
  readonly changedAtMs: number
}

/** Who is right, or what both become together. */
export type Verdict = 'ours' | 'theirs' | { readonly data: RowData | null }

/** Judges a row that changed on both sides. It must depend on its arguments alone. */
export type Resolver = (ours: Side, theirs: Side, id: string) => Verdict

/** The policies that are always there. */
export type ConflictPolicy = 'server-wins' | 'client-wins' | 'newest-wins'

const BUILT_IN: Readonly<Record<ConflictPolicy, Resolver>> = {
  'server-wins': () => 'theirs',
  'client-wins': () => 'ours',
  // Where both are equally new, all clients must decide alike.
  'newest-wins': (ours, theirs) => (ours.changedAtMs > theirs.changedAtMs ? 'ours' : 'theirs'),
}

/** @throws {RangeError} no policy has this name */
export function resolverOf(policy: string, own: Readonly<Record<string, Resolver>>): Resolver {
  const all: Readonly<Record<string, Resolver>> = { ...own, ...BUILT_IN }
  const found = Object.hasOwn(all, policy) ? all[policy] : undefined
  if (found === undefined) {
    throw new RangeError(`No conflict policy is named “${policy}”; give it to makeSync({ policies }).`)
  }
  return found
}
