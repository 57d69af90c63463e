import { UndecodableError } from '../../errors/codec.js'
import { isReservedKey } from './keys.js'
import { splitPath } from './paths.js'

/**
 * A value that stands at several paths. The first one in the order of the text makes it.
 * Mostly an object; superjson counts a BigInt or NaN that is met again among them too.
 */
export interface Group {
  value?: object | bigint | number
}

/** What `meta` says of one place in the json, and of the places below it. */
export interface Mark {
  note?: string | readonly [string, string]
  group?: Group
  below?: Map<string, Mark>
}

/**
 * Lays `meta` out as a tree of marks, so that one pass over the json meets each of them in its place:
 * superjson walks from the root for each path instead, which hostile texts make quadratic.
 *
 * Its size is linear in the text's. Whether the marked places exist shows when the json is walked.
 * @throws {UndecodableError} `meta` is none that superjson 2 writes
 */
export function readMarks(meta: unknown, maxDepth: number): Mark {
  const root: Mark = {}
  const { values, referentialEqualities, v, ...others } = plain(meta, 'meta')
  if (v !== 1 || Object.keys(others).length > 0) throw new UndecodableError('its meta has another version')
  if (values !== undefined) addTree(values, root, maxDepth + 1)
  if (referentialEqualities !== undefined) addGroups(referentialEqualities, root, maxDepth + 1)
  return root
}

function addTree(tree: unknown, mark: Mark, levels: number): void {
  let members = tree
  if (Array.isArray(tree)) {
    if (tree.length < 1 || tree.length > 2 || mark.note !== undefined) {
      throw new UndecodableError('an annotation is malformed')
    }
    mark.note = readNote(tree[0])
    if (tree.length === 1) return
    members = tree[1]
  }
  for (const [path, below] of Object.entries(plain(members, 'annotations'))) {
    const [place, left] = descend(path, mark, levels)
    addTree(below, place, left)
  }
}

function readNote(note: unknown): string | readonly [string, string] {
  if (typeof note === 'string') return note
  if (Array.isArray(note) && note.length === 2) {
    const [type, name]: unknown[] = note
    if (typeof type === 'string' && typeof name === 'string') return [type, name]
  }
  throw new UndecodableError('an annotation is malformed')
}

function addGroups(equalities: unknown, root: Mark, levels: number): void {
  if (!Array.isArray(equalities)) {
    addPathGroups(equalities, root, levels)
    return
  }
  if (equalities.length < 1 || equalities.length > 2)
    throw new UndecodableError('its equalities are malformed')
  const group: Group = {}
  joinGroup(root, group)
  addPaths(equalities[0], group, root, levels)
  if (equalities.length === 2) addPathGroups(equalities[1], root, levels)
}

function addPathGroups(equalities: unknown, root: Mark, levels: number): void {
  for (const [path, others] of Object.entries(plain(equalities, 'equalities'))) {
    const group: Group = {}
    joinGroup(descend(path, root, levels)[0], group)
    addPaths(others, group, root, levels)
  }
}

function addPaths(paths: unknown, group: Group, root: Mark, levels: number): void {
  if (!Array.isArray(paths)) throw new UndecodableError('its equalities are malformed')
  for (const path of paths) {
    if (typeof path !== 'string') throw new UndecodableError('its equalities are malformed')
    joinGroup(descend(path, root, levels)[0], group)
  }
}

function joinGroup(mark: Mark, group: Group): void {
  if (mark.group !== undefined) throw new UndecodableError('two equalities name one place')
  mark.group = group
}

function descend(path: string, from: Mark, levels: number): [Mark, number] {
  const segments = splitPath(path)
  if (segments === undefined) throw new UndecodableError('a path in its meta is malformed')
  if (segments.length > levels) throw new UndecodableError('a path in its meta is too deep')
  let mark = from
  for (const segment of segments) {
    if (isReservedKey(segment)) throw new UndecodableError(`a path in its meta leads through ${segment}`)
    mark.below ??= new Map()
    let next = mark.below.get(segment)
    if (next === undefined) {
      next = {}
      mark.below.set(segment, next)
    }
    mark = next
  }
  return [mark, levels - segments.length]
}

function plain(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UndecodableError(`its ${what} are not an object`)
  }
  // Just parsed from JSON, so an object that is no array is a plain one.
  return value as Readonly<Record<string, unknown>>
}
