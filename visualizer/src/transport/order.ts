import type { GapMessage, ServerMessage } from '../../../src/inspect/stream/message.js'

/** What is missing before the entries of a message, by what was seen of their process; undefined where nothing is. A server sends them without a hole, unless something is amiss. */
export function holeBefore(
  message: ServerMessage,
  seen: Readonly<Record<string, number>>,
): GapMessage | undefined {
  if (message.type !== 'entries' || !Array.isArray(message.entries)) return undefined
  const { incarnation, entries } = message
  const from = (seen[incarnation] ?? 0) + 1
  const to = Number(entries[0]?.sequence) - 1
  return to >= from ? { type: 'gap', incarnation, from, to, reason: 'damaged' } : undefined
}

/** Whether the entries of a message are in their order; so is whatever has none. */
export function isInOrder(message: ServerMessage): boolean {
  if (message.type !== 'entries' || !Array.isArray(message.entries)) return true
  const first = Number(message.entries[0]?.sequence)
  return message.entries.every((entry, at) => entry?.sequence === first + at)
}
