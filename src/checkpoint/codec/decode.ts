import { UndecodableError } from '../../errors/codec.js'
import { readJson } from '../json.js'
import { type Mark, readMarks } from './marks.js'
import { revive } from './revive.js'
import type { Rules } from './rules.js'

const MEMBERS: ReadonlySet<string> = new Set(['json', 'meta'])

/** The value of a text. @throws {UndecodableError} for whatever is wrong with it */
export function decode(rules: Rules, text: string): unknown {
  try {
    return reviveText(rules, text)
  } catch (cause) {
    if (cause instanceof UndecodableError) throw cause
    // Whatever else a hostile text provokes: a full call stack, an engine's own limits.
    throw new UndecodableError('reading it threw', undefined, { cause })
  }
}

function reviveText(rules: Rules, text: string): unknown {
  if (typeof text !== 'string') throw new UndecodableError('it is no string')
  if (text.length > rules.maxLength) {
    throw new UndecodableError(
      `it has ${text.length} characters, more than ${rules.maxLength}`,
      'Raise `maxLength` if you wrote it yourself.',
    )
  }
  const payload = parse(text)
  // Not by what is left of it: Babel’s helper for that sets members, and `__proto__` would be none.
  if (!Object.hasOwn(payload, 'json') || Object.keys(payload).some((name) => !MEMBERS.has(name))) {
    throw new UndecodableError('it is not of the form { json, meta }')
  }
  const { json, meta } = payload
  const mark: Mark | undefined = meta === undefined ? undefined : readMarks(meta, rules.maxDepth)
  return revive(rules, json, mark, 0)
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let payload: unknown
  try {
    payload = readJson(text)
  } catch (cause) {
    throw new UndecodableError('it is no JSON', undefined, { cause })
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new UndecodableError('it is not of the form { json, meta }')
  }
  // Parsed JSON has plain objects only.
  return payload as Readonly<Record<string, unknown>>
}
