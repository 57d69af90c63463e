import * as v from 'valibot'
import type { QuarantinedCheckpoint, StoredCheckpoint } from '../ports/store.js'
import { summaryEntries } from './summary-entries.js'

/** The format that this code writes. */
export const FORMAT = 1

const header = v.object({
  tardigrade: v.literal(FORMAT),
  key: v.string(),
  ...summaryEntries,
  reason: v.optional(v.string()),
  quarantinedAtMs: v.optional(v.number()),
})

/** The first line of a file. */
export type FileHeader = v.InferOutput<typeof header>

/** A line of JSON with all but the text, then the text as it is. */
export function encodeFile(checkpoint: StoredCheckpoint | QuarantinedCheckpoint): string {
  const { text, ...facts } = checkpoint
  return `${JSON.stringify({ tardigrade: FORMAT, ...facts, size: text.length })}\n${text}`
}

/** The header of a file, given at least its first line; undefined when it is damaged. */
export function decodeHeader(raw: string): FileHeader | undefined {
  const end = raw.indexOf('\n')
  if (end < 0) return undefined
  try {
    const parsed = v.safeParse(header, JSON.parse(raw.slice(0, end)))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}

/** What stands behind the header line. */
export function decodeText(raw: string): string {
  return raw.slice(raw.indexOf('\n') + 1)
}
