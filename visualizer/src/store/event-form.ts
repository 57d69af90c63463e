import type { Shown } from '../../../src/inspect/shown.js'
import type { Moments } from './moments.js'
import { fieldOf, isPartlyHidden } from './values.js'

/** A field of an event as it was seen, and as a person fills it in. */
export interface Field {
  readonly name: string
  readonly kind: 'text' | 'number' | 'yes or no' | 'JSON'
  /** Not every event of the type had it. */
  readonly isOptional: boolean
  /** What it held last, as it is written into the form; undefined where that was hidden. */
  readonly last: string | undefined
}

/** Events of a type that are looked at, and moments among which they are looked for. */
const MOST_EVENTS = 200
const FARTHEST = 20_000
/** Characters of an event: a server takes messages of 1 MiB, in which more stands than the event. */
const LONGEST_EVENT = 1_000_000

/** Fields that events of a type have had in a history, as far as it goes back: to its first moment, or to that of index `from`. */
export function fieldsSeen(moments: Moments, type: string, from = 0): readonly Field[] {
  const found = new Map<string, { count: number; kinds: Set<Field['kind']>; last: unknown }>()
  let events = 0
  const end = Math.max(from, moments.length - FARTHEST)
  for (let at = moments.length - 1; at >= end && events < MOST_EVENTS; at--) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry' || moment.entry.kind !== 'event' || moment.entry.to.length > 0) continue
    const { event } = moment.entry
    if (fieldOf(event, 'type') !== type) continue
    events++
    for (const [name, value] of Object.entries(event as object)) {
      if (name === 'type') continue
      const field = found.get(name) ?? { count: 0, kinds: new Set(), last: value }
      field.count++
      field.kinds.add(kindOf(value))
      found.set(name, field)
    }
  }
  return [...found].map(([name, { count, kinds, last }]) => {
    const [only = 'JSON'] = kinds
    const kind = kinds.size === 1 ? only : 'JSON'
    // What was hidden is none that anybody means.
    return {
      name,
      kind,
      isOptional: count < events,
      last: isPartlyHidden(last) ? undefined : writtenAs(kind, last),
    }
  })
}

/** What stands in a field's place before somebody writes into it. */
export function beforehand({ isOptional, last }: Field): string {
  return isOptional ? '' : (last ?? '')
}

type Fields = { readonly [name: string]: Shown }

/** What is wrong with what was written, by the field's name; or the event. */
export type Written = { readonly event: Fields } | { readonly problems: ReadonlyMap<string, string> }

/** What somebody has written into a field: its text, or null where it is left out though every event has had it. */
export type Entered = string | null

/** What is written of an event: into its fields, and as JSON. */
export interface Text {
  readonly written: ReadonlyMap<string, Entered>
  readonly more: string
}

/**
 * What was written as JSON before there were fields moves into them, as far as it is of their kinds: it would stand there twice. What somebody
 * has written into a field as well stays, so that they are told.
 */
export function moved(fields: readonly Field[], text: Text): Text {
  const others = parsed(text.more)
  if (typeof others !== 'object' || others === null || Array.isArray(others)) return text
  const rest = new Map(Object.entries(others as Fields))
  const written = new Map(text.written)
  for (const { name, kind } of fields) {
    const value = rest.get(name)
    if (value === undefined || written.has(name) || (kind !== 'JSON' && kind !== kindOf(value))) continue
    rest.delete(name)
    written.set(name, writtenAs(kind, value))
  }
  if (rest.size === Object.keys(others).length) return text
  return { written, more: rest.size === 0 ? '' : JSON.stringify(Object.fromEntries(rest)) }
}

/** The event that a form says, with more fields as JSON, which may be none. */
export function eventOf(
  type: string,
  fields: readonly Field[],
  written: ReadonlyMap<string, Entered>,
  more: string,
): Written {
  const problems = new Map<string, string>()
  if (type.trim() === '') problems.set('type', 'An event has a type.')
  const rest = more.trim() === '' ? {} : parsed(more)
  const others = typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : undefined
  if (others === undefined) problems.set('more', 'The fields are no JSON object, such as { "path": "/a" }.')
  else if (Object.hasOwn(others, 'type')) problems.set('more', 'The type stands above.')
  const values: (readonly [string, Shown])[] = Object.entries((others ?? {}) as Fields)
  for (const field of fields) {
    const own = written.get(field.name)
    if (own === null) continue
    // What stands there beforehand gives way to what somebody has written elsewhere.
    const isTwice = others !== undefined && Object.hasOwn(others, field.name)
    if (own === undefined && isTwice) continue
    const text = own ?? beforehand(field)
    if (text === '' && field.isOptional) continue
    if (isTwice) problems.set('more', `${field.name} stands above, too: leave it out of one of the two.`)
    const value = own === undefined && field.last === undefined ? undefined : readAs(field, text)
    if (value === undefined) problems.set(field.name, NEEDS[field.kind])
    else values.push([field.name, value])
  }
  const event = { ...Object.fromEntries(values), type }
  const length = JSON.stringify(event).length
  if (length > LONGEST_EVENT)
    problems.set(
      'more',
      `The event has ${length.toLocaleString('en')} characters; ${LONGEST_EVENT.toLocaleString('en')} are taken.`,
    )
  return problems.size > 0 ? { problems } : { event }
}

const NEEDS: Readonly<Record<Field['kind'], string>> = {
  text: 'Write a text.',
  number: 'It is no number.',
  'yes or no': 'It is true or false.',
  JSON: 'It is no JSON, such as "a text", 5 or { "a": 1 }.',
}

function readAs({ kind }: Field, text: string): Shown | undefined {
  if (kind === 'text') return text
  if (kind === 'number') {
    const number = text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(number) ? number : undefined
  }
  const value = parsed(text)
  return kind === 'yes or no' && typeof value !== 'boolean' ? undefined : value
}

function parsed(text: string): Shown | undefined {
  try {
    return JSON.parse(text) as Shown
  } catch {
    return undefined
  }
}

function kindOf(value: unknown): Field['kind'] {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'yes or no' : 'JSON'
}

function writtenAs(kind: Field['kind'], value: unknown): string {
  return kind === 'text' ? String(value) : JSON.stringify(value)
}
