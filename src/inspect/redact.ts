import type { Redact } from '../ports/inspector.js'

export type { Redact }

/** What is to be shown of the value at a path. */
export type Hide = (value: unknown, path: readonly string[]) => unknown

/** Where nothing is to be hidden. */
export const HIDE_NOTHING: Hide = (value) => value

const HIDDEN = '[redacted]'
const NOT_HIDDEN = '[not shown: redact threw]'

/** The option as a function that never throws: what it fails to judge is not shown. */
export function hiding(redact: Redact | undefined): Hide {
  if (redact === undefined) return HIDE_NOTHING
  if (typeof redact !== 'function') {
    const isNamed = naming(redact)
    return (value, path) => (isNamed(path.at(-1) ?? '') ? HIDDEN : value)
  }
  return (value, path) => {
    try {
      return redact(value, path)
    } catch {
      return NOT_HIDDEN
    }
  }
}

/** Names of fields come again and again: of each it is found out once, while they are not very many. */
const MOST_KNOWN = 10_000

function naming(names: readonly (string | RegExp)[]): (own: string) => boolean {
  const known = new Map<string, boolean>()
  return (own) => {
    let isNamed = known.get(own)
    if (isNamed === undefined) {
      // `search` keeps no place from one call to the next, as `test` does with a global expression.
      isNamed = names.some((name) => (typeof name === 'string' ? name === own : own.search(name) !== -1))
      if (known.size < MOST_KNOWN) known.set(own, isNamed)
    }
    return isNamed
  }
}
