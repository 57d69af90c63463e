import * as v from 'valibot'
import { readJson } from '../../checkpoint/json.js'
import { StoreDamagedError } from '../../errors/store.js'
import type { StoredCheckpoint } from '../../ports/store.js'
import { DAMAGED_SERVER_REMEDY } from '../server-remedies.js'
import { summaryEntries } from '../summary-entries.js'

/** The format that this code writes. */
export const FORMAT = 1

const summary = v.object(summaryEntries)
const why = v.object({ reason: v.string(), quarantinedAtMs: v.number() })
const texts = v.array(v.nullable(v.string()))

/** What is told of a checkpoint, without its key and its text. */
export type Summary = v.InferOutput<typeof summary>

/** What a summary is as a text. */
export function summaryText({ key: _key, text, ...rest }: StoredCheckpoint): string {
  return JSON.stringify({ ...rest, size: text.length } satisfies Summary)
}

/** Reads what the server has given. Each throws a {StoreDamagedError} where it is none of this store's. */
export function readerOfRecords(location: string, key?: string) {
  const damaged = (what: string) =>
    new StoreDamagedError(location, `${what} in it is none of this library’s`, { key }, DAMAGED_SERVER_REMEDY)
  const parsed = <T>(schema: v.GenericSchema<unknown, T>, text: string, what: string): T => {
    let value: unknown
    try {
      value = readJson(text)
    } catch (cause) {
      throw new StoreDamagedError(location, `${what} in it is no JSON`, { cause, key }, DAMAGED_SERVER_REMEDY)
    }
    const result = v.safeParse(schema, value)
    if (!result.success) throw damaged(what)
    return result.output
  }
  return {
    summary: (text: string) => {
      const { wakeAtMs, ...rest } = parsed(summary, text, 'a summary')
      return { ...rest, wakeAtMs }
    },
    why: (text: string) => parsed(why, text, 'what is told of a checkpoint that was set aside'),
    /** A list of texts, with an empty one where there is nothing. */
    texts: (answer: unknown): readonly string[] => {
      const result = v.safeParse(texts, answer)
      if (!result.success) throw damaged('a list')
      return result.output.map((text) => text ?? '')
    },
  }
}

/** What belongs to a checkpoint that was set aside, as a text. */
export function whyText(reason: string, quarantinedAtMs: number): string {
  return JSON.stringify({ reason, quarantinedAtMs } satisfies v.InferOutput<typeof why>)
}
