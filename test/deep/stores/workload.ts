import type { CommitRequest, StoreClaim } from '../../../src/ports/store.js'
import { accepted, request } from '../../../src/testing/contract/store/requests.js'
import type { Random } from '../../crash/random.js'
import { type Held, newest } from './held.js'

/** What a supervisor asks of its store. */
export type Operation =
  | { readonly do: 'commit'; readonly keys: readonly string[]; readonly length: number }
  | { readonly do: 'quarantine'; readonly key: string; readonly back: number }
  | { readonly do: 'remove'; readonly key: string }

/** So few that most operations meet something. */
const KEYS = ['a', 'a', 'b', 'c']

/** Texts of one line, of some lines, and of more than a page of a database. */
const LENGTHS = [10, 10, 700, 20_000]

/** Some operations, most of them commits. */
export function workload(random: Random, length: number): readonly Operation[] {
  const key = () => KEYS[random.below(KEYS.length)] ?? 'a'
  return Array.from({ length }, (_, index): Operation => {
    const dice = index === 0 ? 9 : random.below(10)
    if (dice === 0) return { do: 'remove', key: key() }
    if (dice <= 3) return { do: 'quarantine', key: key(), back: random.below(2) }
    const keys = Array.from({ length: 1 + random.below(3) }, key)
    return { do: 'commit', keys, length: LENGTHS[random.below(LENGTHS.length)] ?? 10 }
  })
}

/** The requests of a commit, each of which follows what is held. `nonce` tells its texts from all others. */
export function batchOf(
  operation: Extract<Operation, { do: 'commit' }>,
  held: Held,
  nonce: string,
): readonly CommitRequest[] {
  const sequences = new Map<string, number>()
  return operation.keys.map((key) => {
    const sequence = (sequences.get(key) ?? newest(held, key)) + 1
    sequences.set(key, sequence)
    return request(key, sequence, { text: `${nonce} ${'x'.repeat(operation.length)}` })
  })
}

/** Whether a text is one that was asked for, and all of it. */
export function whole(text: string): boolean {
  const [, padding = ''] = /^\S+ (x+)$/.exec(text) ?? []
  return LENGTHS.includes(padding.length)
}

/** Asks it of a store, which holds this; resolves when the store has acknowledged it. */
export async function ask(claim: StoreClaim, operation: Operation, held: Held, nonce: string): Promise<void> {
  if (operation.do === 'commit') accepted(await claim.commit(batchOf(operation, held, nonce)))
  else if (operation.do === 'remove') await claim.remove(operation.key)
  else await claim.quarantine(operation.key, newest(held, operation.key) - operation.back, nonce)
}
