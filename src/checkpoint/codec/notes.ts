import { escapeSegment } from './paths.js'

// A key that needs no escape, neither in a dotted path nor in JSON.
const PLAIN = /^[\w $:@/-]*$/

const quoted = (segment: string | number): string =>
  typeof segment === 'number' || PLAIN.test(segment)
    ? String(segment)
    : JSON.stringify(escapeSegment(segment)).slice(1, -1)

interface Outer {
  readonly members: string
  readonly base: number
  readonly known: number
}

/**
 * Where the walk stands, and the annotations it has met, written as JSON text straight away: as an object,
 * each dotted path would become a property name, which costs more than the text.
 *
 * superjson nests annotations: the paths below an annotated container start at that container.
 */
export class Notes {
  /** Keys from the root to where the walk stands. Only the first `depth` of them are current. */
  readonly path: (string | number)[] = []
  #root = ''
  #members = ''
  #base = 0
  // prefixes[d] is the dotted path from the base to the container at depth d; valid for d ≤ known.
  #known = 0
  readonly #prefixes: string[] = ['']

  /** The walk goes from a container at `depth` to what stands under `key`. */
  enter(depth: number, key: string | number): void {
    this.path[depth] = key
    if (this.#known > depth) this.#known = depth
  }

  /** Annotates a value under `key` of a container at `depth`, which need not be entered. */
  addMember(depth: number, key: string | number, annotation: string): void {
    const comma = this.#members === '' ? '"' : ',"'
    this.#members += `${comma}${this.#prefix(depth)}${quoted(key)}":${annotation}`
  }

  /** Annotates the value at `depth` on the path. */
  add(depth: number, annotation: string): void {
    if (depth === 0) this.#root = annotation
    else this.addMember(depth - 1, this.#keyAt(depth - 1), annotation)
  }

  /** Opens the container at `depth`, whose annotations nest. What it returns goes to `close`. */
  open(depth: number): Outer {
    const outer = { members: this.#members, base: this.#base, known: this.#known }
    this.#members = ''
    this.#base = depth
    this.#known = depth
    this.#prefixes[depth] = ''
    return outer
  }

  /** Annotates the container at `depth`, with the annotations made since it was opened nested in it. */
  close(depth: number, type: string, outer: Outer): void {
    const inner = this.#members
    this.#members = outer.members
    this.#base = outer.base
    // The prefix at `depth` was the container's own, but entering it had left fewer than that known.
    this.#known = outer.known
    this.add(depth, inner === '' ? `[${type}]` : `[${type},{${inner}}]`)
  }

  /** The path of a value at `depth`. */
  pathTo(depth: number): (string | number)[] {
    return this.path.slice(0, depth)
  }

  /** superjson's `meta.values` as JSON text, or '' where nothing was annotated. */
  text(): string {
    return this.#root !== '' ? this.#root : this.#members === '' ? '' : `{${this.#members}}`
  }

  #prefix(depth: number): string {
    while (this.#known < depth) {
      const at = this.#known++
      this.#prefixes[at + 1] = `${this.#prefixes[at]}${quoted(this.#keyAt(at))}.`
    }
    // Every one up to what is known was made.
    return this.#prefixes[depth] as string
  }

  /** The key under which the path goes on from `depth`, where it was entered. */
  #keyAt(depth: number): string | number {
    return this.path[depth] as string | number
  }
}
