import { splitPath } from './codec/paths.js'

/** An object that came out of JSON. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/**
 * Where one object stands in several places, superjson writes it once, null elsewhere, and notes the places:
 * `{ path: [paths] }`, or `[paths of the root, { path: [paths] }]`. This puts it in all of them.
 */
export function fillRepeats(json: unknown, equalities: unknown): void {
  const [ofRoot, others] = Array.isArray(equalities) ? equalities : [[], equalities]
  fill(json, json, ofRoot)
  if (!isObject(others)) return
  for (const [path, places] of Object.entries(others)) fill(json, at(json, splitPath(path)), places)
}

function fill(json: unknown, value: unknown, places: unknown): void {
  if (!Array.isArray(places)) return
  for (const place of places) {
    const path = typeof place === 'string' ? splitPath(place) : undefined
    const last = path?.at(-1)
    const holder = at(json, path?.slice(0, -1))
    // Only where the null stands: a text that says otherwise is not followed anywhere.
    if (last !== undefined && isObject(holder) && Object.hasOwn(holder, last) && holder[last] === null) {
      holder[last] = value
    }
  }
}

function at(json: unknown, path: readonly string[] | undefined): unknown {
  let value: unknown = path === undefined ? undefined : json
  for (const segment of path ?? []) {
    value = isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined
  }
  return value
}
