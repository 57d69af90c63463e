import type { Mutation } from './mutation.js'

type Json = unknown
type Path = readonly string[]

/** Another key and value in the place of these; undefined takes them away. */
type Alter = (key: string, value: Json) => readonly [string, Json] | undefined

/** A change that alters one place. */
type Alteration = Exclude<Mutation, { readonly do: 'annotate' | 'equate' }>

/** A key of a path, as annotations write it. */
const escaped = (key: string) => key.replaceAll('\\', '\\\\').replaceAll('.', '\\.')

/** Beyond this depth places are not listed: the content is a list in a list in a list. */
const DEEPEST = 40

/** A checkpoint's content, which is changed without any regard for what it means. */
export class Content {
  #content: Json
  readonly #wrapped: { readonly mark: string; readonly depth: number }[] = []

  constructor(body: string) {
    this.#content = JSON.parse(body)
  }

  /** The changed content. Depths beyond the stack are written by hand. */
  get text(): string {
    return this.#wrapped.reduce(
      (text, { mark, depth }) => text.replace(`"${mark}"`, () => `${'['.repeat(depth)}0${']'.repeat(depth)}`),
      JSON.stringify(this.#content),
    )
  }

  change(mutation: Mutation): void {
    const places = this.#places()
    const placeOf = (number: number) => places[number % places.length] ?? []
    const path = placeOf(mutation.at)
    if (mutation.do === 'annotate') this.#annotate('values', dotted(path), mutation.as)
    else if (mutation.do === 'equate')
      this.#annotate('referentialEqualities', dotted(path), [dotted(placeOf(mutation.to))])
    else this.#alter(path, this.#alteration(mutation, placeOf))
  }

  #alteration(mutation: Alteration, placeOf: (number: number) => Path): Alter {
    switch (mutation.do) {
      case 'remove':
        return () => undefined
      case 'replace':
        return (key) => [key, mutation.by]
      case 'rename':
        return (_, value) => [mutation.to, value]
      case 'copy': {
        const copied = structuredClone(this.#at(placeOf(mutation.from)))
        return (key) => [key, copied]
      }
      case 'repeat':
        return (key, value) => {
          if (!Array.isArray(value)) return [key, value]
          return [key, Array.from({ length: mutation.times }, () => structuredClone(value)).flat()]
        }
      case 'wrap': {
        const mark = `wrapped ${this.#wrapped.length}`
        this.#wrapped.push({ mark, depth: mutation.depth })
        return (key) => [key, mark]
      }
    }
  }

  #annotate(kind: string, path: string, as: unknown): void {
    // The content is an object unless a change before this one has made it something else.
    const content = this.#content as Record<string, Json>
    if (!isObject(content)) return
    const meta = isObject(content.meta) ? content.meta : { v: 1 }
    const group = isObject(meta[kind]) ? meta[kind] : {}
    content.meta = { ...meta, [kind]: { ...group, [path]: as } }
  }

  #places(): readonly Path[] {
    const found: Path[] = []
    const walk = (value: Json, path: Path) => {
      if (path.length > 0) found.push(path)
      if (typeof value !== 'object' || value === null || path.length > DEEPEST) return
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
    }
    walk(this.#content, [])
    return found
  }

  #at(path: Path): Json {
    return path.reduce<Json>(
      (value, key) => (value as Record<string, Json> | undefined)?.[key],
      this.#content,
    )
  }

  /** Alters the last one of a path, in its order. */
  #alter(path: Path, change: Alter): void {
    const last = path.at(-1)
    if (last === undefined) return
    const rebuild = (value: Json, depth: number): Json => {
      if (typeof value !== 'object' || value === null) return value
      const entries = Object.entries(value).flatMap(([key, inner]) => {
        if (key !== path[depth]) return [[key, inner] as const]
        if (depth < path.length - 1) return [[key, rebuild(inner, depth + 1)] as const]
        const changed = change(key, inner)
        return changed === undefined ? [] : [changed]
      })
      // Own properties all of them, `__proto__` too.
      return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
    }
    this.#content = rebuild(this.#content, 0)
  }
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The path as annotations write it, which count from the data. */
function dotted(path: Path): string {
  return path.slice(1).map(escaped).join('.')
}
