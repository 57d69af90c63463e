import type { TreeRecord } from '../checkpoint/record.js'
import type { InternalActor } from './internals.js'
import { ReferenceResolver } from './revive.js'
import { revivedTimers } from './revived-timers.js'
import type { Timers } from './timers.js'
import type { TreeOptions } from './tree-options.js'
import type { TreeWork } from './tree-work.js'

/** A record that fits the machine, with the number of references in it; `slept` where it was only out of memory. */
export interface TreeRevival {
  readonly record: TreeRecord
  readonly references: number
  readonly slept: boolean
}

/** Gives a tree whose actors were restored what its record holds beside them: references, keys of work, timers. */
export function bringBack(
  { record, references, slept }: TreeRevival,
  root: InternalActor,
  work: TreeWork,
  timers: Timers,
  { clock, decodeEnded }: TreeOptions,
): void {
  if (references > 0) {
    const resolver = new ReferenceResolver(root, decodeEnded)
    resolver.resolveTree()
    resolver.resolve(record.timers)
    resolver.resolve(record.outbox)
  }
  work.bringBackKeys(record.root, root)
  for (const timer of revivedTimers(root, record.timers, slept, clock.now())) timers.adopt(timer)
}
