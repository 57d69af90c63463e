import type { ServiceDefinition } from 'tardigrade'
import type { CheckpointRecord, TreeRecord } from '../../../src/checkpoint/record.js'
import { TardigradeError } from '../../../src/errors/base.js'
import { readCheckpoint } from '../../../src/runtime/read.js'
import { timerPolicy } from '../../../src/runtime/timer-policy.js'
import { createTreeCodec, type TreeCodec } from '../../../src/xstate/codec.js'
import { Tree } from '../../../src/xstate/tree.js'
import type { TreeOptions } from '../../../src/xstate/tree-options.js'
import { canonical } from './canonical.js'
import { hasOddReferences } from './odd-references.js'

const nothing = () => {}

/** Reads checkpoints of one definition, and proves that what is accepted is what is restored. */
export class Restorer {
  readonly #codec: TreeCodec
  /** How many were accepted. */
  accepted = 0

  constructor(
    private readonly definition: ServiceDefinition,
    private readonly key: string,
  ) {
    this.#codec = createTreeCodec(definition)
  }

  /** What is wrong with how the text is met; undefined where it is refused with a typed error, or restored whole. */
  judge(text: string): string | undefined {
    let record: CheckpointRecord
    let references: number
    try {
      ;({ record, references } = readCheckpoint(text, this.definition, this.key, this.#codec))
    } catch (error) {
      return error instanceof TardigradeError ? undefined : `it is refused with ${inWords(error)}`
    }
    const before = attempt(() => this.#text(record, record))
    // They are restored as the actor itself, or as one that has ended.
    const odd = hasOddReferences(record)
    const revived = attempt(() => Tree.revive(this.#options(record), record, references, false))
    if ('error' in revived) {
      const { error } = revived
      return error instanceof TardigradeError ? undefined : `it is revived with ${inWords(error)}`
    }
    this.accepted++
    const tree = revived.value
    const after = attempt(() => this.#text(tree.capture(record.sequence + 1), record, tree))
    tree.close()
    if ('value' in before && 'value' in after && before.value === after.value) return undefined
    if (odd) return undefined
    return differing(told(before), told(after))
  }

  /** The parts that a restore must give back, as text: identity shows in it, and so do references. */
  #text(record: TreeRecord, like: TreeRecord, tree?: Tree): string {
    return this.#codec.encode(canonical(record, like), tree?.root)
  }

  #options({ savedAtMs }: CheckpointRecord): TreeOptions {
    const clock = { now: () => savedAtMs, setTimer: nothing, clearTimer: nothing, yieldThen: nothing }
    return {
      machine: this.definition.machine,
      id: this.key,
      clock,
      policyOf: timerPolicy(this.definition),
      effectKey: (sequence, index) => `${sequence}/${index}`,
      startKey: (index) => `start/${index}`,
      admit: () => true,
      durable: () => new Promise(nothing),
      decodeEnded: (ended) => this.#codec.decode(ended).value,
      onTurn: nothing,
      onError: nothing,
      onEffectError: nothing,
      onSettled: nothing,
      onSnapshot: nothing,
      onEmitted: nothing,
      onUnrunnable: nothing,
    }
  }
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown }

function attempt<T>(run: () => T): Attempt<T> {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}

function told(attempt: Attempt<string>): string {
  return 'value' in attempt ? attempt.value : inWords(attempt.error)
}

/** Where two texts begin to differ. */
function differing(before: string, after: string): string {
  let at = 0
  while (before[at] === after[at] && at < before.length) at++
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 200)
  return `… ${around(before)} … is restored as … ${around(after)} …`
}

function inWords(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
