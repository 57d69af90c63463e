import type { Face, Held } from './held.js'
import { whole } from './workload.js'

/**
 * Whether what was found is one of what may be there: the newest checkpoints the same, whole, and nothing else set
 * aside. Older ones that were to be dropped may
 * still be there, whole.
 */
export function judge(found: Held, allowed: readonly Held[]): string | undefined {
  if (allowed.some((held) => fits(found, held))) return undefined
  const expected = allowed.map(inWords).join(' or ')
  return `the store holds ${inWords(found)}, and may hold ${expected}`
}

function fits(found: Held, held: Held): boolean {
  if (found.kept.size !== held.kept.size || !sameSet(found.aside, held.aside)) return false
  return [...held.kept].every(([key, faces]) => {
    const there = found.kept.get(key) ?? []
    const older = there.slice(faces.length)
    const oldest = faces.at(-1)?.sequence ?? 0
    return (
      faces.every((face, at) => same(face, there[at])) &&
      older.every(({ sequence, text }) => sequence < oldest && whole(text))
    )
  })
}

function same(face: Face, other: Face | undefined): boolean {
  return face.sequence === other?.sequence && face.epoch === other.epoch && face.text === other.text
}

function sameSet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size === others.size && [...some].every((text) => others.has(text))
}

/** `a 3.1 2.1, b 1.1; aside a 4.1`: sequence and epoch, with the beginning of the text. */
function inWords({ kept, aside }: Held): string {
  const one = ({ sequence, epoch, text }: Face) => `${sequence}.${epoch}“${text.slice(0, 12)}”`
  const keys = [...kept].sort().map(([key, faces]) => `${key} ${faces.map(one).join(' ')}`)
  const others = [...aside].sort().map((text) => text.slice(0, 20))
  return `[${keys.join(', ')}${others.length === 0 ? '' : `; aside ${others.join(' ')}`}]`
}
