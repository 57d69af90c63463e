import { asideText, type Face, type Held, newest, pruned, withKept } from './held.js'
import { batchOf, type Operation } from './workload.js'

/** What a store promises of an operation that was cut off. */
export interface Protocol {
  readonly name: string
  /** All of it is there or nothing; else each checkpoint, each key's removal and each step of a quarantine by itself. */
  readonly atomic: boolean
  /** Of two checkpoints of one key in a batch, the later may be there alone. */
  readonly gaps?: boolean
}

/** What the store holds when the operation has been acknowledged. */
export function after(held: Held, operation: Operation, epoch: number, nonce: string): Held {
  // The last step is the whole.
  return steps(held, operation, epoch, nonce).at(-1) ?? held
}

/** Everything that the store may hold when the operation was cut off, nothing of it first and all of it last. */
export function cutOff(
  { atomic, gaps = false }: Protocol,
  held: Held,
  operation: Operation,
  epoch: number,
  nonce: string,
): readonly Held[] {
  if (atomic) return [held, after(held, operation, epoch, nonce)]
  return [held, ...steps(held, operation, epoch, nonce, gaps)]
}

/** Each way in which a part of the operation may be there, all of it last. */
function steps(
  held: Held,
  operation: Operation,
  epoch: number,
  nonce: string,
  gaps = false,
): readonly Held[] {
  if (operation.do === 'commit') return commits(held, operation, epoch, nonce, gaps)
  const { key } = operation
  const kept = held.kept.get(key) ?? []
  if (operation.do === 'remove') {
    const rest = [...held.aside].filter((text) => (JSON.parse(text) as unknown[])[0] !== key)
    const aside = { ...held, aside: new Set(rest) }
    return [aside, withKept(held, key, []), withKept(aside, key, [])]
  }
  const sequence = newest(held, key) - operation.back
  const bad = kept.find((face) => face.sequence === sequence)
  if (bad === undefined) return [held]
  // In both places for a moment, and never in none.
  const both = { ...held, aside: new Set(held.aside).add(asideText(key, bad)) }
  const left = kept.filter((face) => face !== bad)
  return [both, withKept(both, key, left)]
}

/** Every choice of how far each key's checkpoints have come, all of them last. */
function commits(
  held: Held,
  operation: Extract<Operation, { do: 'commit' }>,
  epoch: number,
  nonce: string,
  gaps: boolean,
): readonly Held[] {
  const batch = batchOf(operation, held, nonce)
  let choices: readonly Held[] = [held]
  for (const key of new Set(operation.keys)) {
    const own: Face[] = batch
      .filter((one) => one.key === key)
      .map(({ sequence, text }) => ({ sequence, epoch, text }))
    const parts = gaps ? subsets(own) : own.map((_, index) => own.slice(0, index + 1))
    choices = choices.flatMap((choice) => {
      const before = choice.kept.get(key) ?? []
      const grown = parts.map((part) => withKept(choice, key, pruned([...part.toReversed(), ...before])))
      return [choice, ...grown]
    })
  }
  return choices.slice(1)
}

/** Every choice of at least one of them, in order; all of them last. */
function subsets(faces: readonly Face[]): readonly (readonly Face[])[] {
  const count = 2 ** faces.length
  return Array.from({ length: count - 1 }, (_, choice) =>
    faces.filter((_, at) => ((choice + 1) >> at) % 2 === 1),
  )
}
