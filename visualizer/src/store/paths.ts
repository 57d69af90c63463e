import type { Path } from '../../../src/inspect/stream/entry.js'

export function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at])
}

/** A path as the page's address has it; undefined for the machine's own. */
export function writtenPath(path: Path): string | undefined {
  return path.length === 0 ? undefined : path.map(encodeURIComponent).join('/')
}

/** The path in an address; the machine's own for what is none. */
export function pathIn(text: string | undefined): Path {
  try {
    return text === undefined ? [] : text.split('/').map(decodeURIComponent)
  } catch {
    return []
  }
}

/** Whether nobody has given the actor an id: XState has made one of its state's. */
export function isNameless(id: string): boolean {
  return /^\d+\./.test(id)
}
