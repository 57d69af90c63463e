/** Whether a value is of a shape. */
export type Is = (value: unknown) => boolean

type Fields = Readonly<Record<string, unknown>>

/** The last moment that a date can tell, in ms since 1970; as much before it is the first. */
const LAST_MS = 8.64e15

export const isText: Is = (value) => typeof value === 'string'

export const isNumber: Is = Number.isFinite

/** How many, or which in a row. */
export const isCount: Is = Number.isSafeInteger

/** A moment, in ms since 1970. */
export const isTime: Is = (value) => isNumber(value) && Math.abs(Number(value)) <= LAST_MS

/** Any JSON value. */
export const isThere: Is = (value) => value !== undefined

export function maybe(is: Is): Is {
  return (value) => value === undefined || is(value)
}

export function listOf(is: Is): Is {
  return (value) => Array.isArray(value) && value.every((item) => is(item))
}

export const areTexts = listOf(isText)

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fields of these shapes, and any others. */
export function has(shapes: Readonly<Record<string, Is>>): Is {
  const each = Object.entries(shapes)
  return (value) => isFields(value) && each.every(([name, is]) => is(value[name]))
}
