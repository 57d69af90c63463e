import { argument as quoted } from '../errors/argument.js'

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** A time span in its largest unit: `3 min`. */
export function span(ms: number): string {
  for (const [name, unitMs] of UNITS) {
    if (ms >= unitMs) return `${Math.floor(ms / unitMs)} ${name}`
  }
  return `${Math.max(0, Math.round(ms))} ms`
}

/** A time as seen from now: `3 min ago`, `in 5 s`, `now`. */
export function relative(atMs: number, nowMs: number): string {
  const awayMs = atMs - nowMs
  if (Math.abs(awayMs) < 1000) return 'now'
  return awayMs < 0 ? `${span(-awayMs)} ago` : `in ${span(awayMs)}`
}

/** A due time: `in 5 s`, `overdue 2 h`, or a dash for none. */
export function due(atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return '–'
  return atMs < nowMs - 1000 ? `overdue ${span(nowMs - atMs)}` : relative(atMs, nowMs)
}

/** Characters as `980`, `1.2k`, `3.4M`. */
export function size(characters: number): string {
  if (characters < 1000) return String(characters)
  if (characters < 999_950) return `${(characters / 1000).toFixed(1)}k`
  return `${(characters / 1_000_000).toFixed(1)}M`
}

/** An absolute time that a damaged record may hold: never throws. */
export function moment(atMs: number): string {
  const date = new Date(atMs)
  return Number.isNaN(date.getTime()) ? String(atMs) : date.toISOString()
}

/** Text that a terminal shows and does not obey: control characters and direction marks are escaped. */
export function printable(text: string, keepLines = false): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (keepLines && character === '\n') return character
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Text cut to a length, with an ellipsis. */
export function shorten(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

/** A machine's state: `on`, `upload.sending`, or several with commas. */
export function stateText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return '–'
  const parts = Object.entries(value).map(([name, inner]) => {
    const below = stateText(inner)
    return below === '' || below === '–' ? name : `${name}.${below}`
  })
  return parts.join(', ')
}

/** ` in on, held by user`: where a service stands, beside its phase. A machine without states is in none. */
export function whereText(state: unknown, holds: readonly string[]): string {
  const at = state === undefined ? '' : stateText(state)
  return `${at === '' ? '' : ` in ${at}`}${holds.length === 0 ? '' : `, held by ${holds.join(', ')}`}`
}

/** A text as an argument for a shell, which a terminal shows as it is. */
export function argument(text: string): string {
  return quoted(printable(text))
}
