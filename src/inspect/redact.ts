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
  if (typeof redact !== 'function') return (value, path) => (isNamed(redact, path) ? HIDDEN : value)
  return (value, path) => {
    try {
      return redact(value, path)
    } catch {
      return NOT_HIDDEN
    }
  }
}

function isNamed(names: readonly (string | RegExp)[], path: readonly string[]): boolean {
  const own = path.at(-1) ?? ''
  // `search` keeps no place from one call to the next, as `test` does with a global expression.
  return names.some((name) => (typeof name === 'string' ? name === own : own.search(name) !== -1))
}
