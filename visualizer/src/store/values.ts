import type { EventHappening, Path } from '../../../src/inspect/stream/entry.js'

/** What stands under a name in a value that nobody has checked. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? // It has the field; of which type that is nobody says.
      (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** A state's value in a line: `a.b`, or `{ left.a, right.b }` for parallel ones. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  const parts = Object.entries(value).map(([key, inner]) => {
    const below = valueText(inner)
    return below === '' ? key : `${key}.${below}`
  })
  return parts.length === 1 ? (parts[0] ?? '') : `{ ${parts.join(', ')} }`
}

/** The steps that a task has come to, as fields: what each has come to by its name, which none other has. */
export function stepsByName(steps: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    steps.map((step, at) => [String(fieldOf(step, 'name') ?? at), fieldOf(step, 'output')]),
  )
}

/** Type of an event, however it is shown. */
export function typeOf(event: unknown): string {
  const type = fieldOf(event, 'type')
  return typeof type === 'string' ? type : '(event)'
}

/** The actor that sent an event; undefined for what came from outside. What a task says of its steps and its progress it says to itself. */
export function senderOf({ from, to, event }: EventHappening): Path | undefined {
  return from ?? (typeOf(event).startsWith('tardigrade.task.') ? to : undefined)
}

/** What a process shows in the place of what it does not, or of the rest of a text or list that is long. */
const HIDDEN = /"\[(redacted|circular|deeper|unreadable|not shown)\b|\[\d+ (characters )?more\]"/

/** Whether some of a value was not shown: as data it would be another one. */
export function isPartlyHidden(value: unknown): boolean {
  return HIDDEN.test(JSON.stringify(value) ?? '')
}
