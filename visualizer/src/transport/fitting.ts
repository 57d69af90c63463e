import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { EntriesMessage } from '../../../src/inspect/stream/message.js'
import type { MissingMessage, TraceMessage } from '../../../src/inspect/stream/trace.js'
import { hasShape, isEntry, isState, isStored } from './shapes.js'
import type { Listener } from './transport.js'

/** Tells a message, of which what has another shape is counted, or where nothing says of which service it is, said to be damaged. */
export function tell(message: TraceMessage, characters: number, listener: Listener): void {
  if (message.type === 'entries') tellEntries(message, characters, listener)
  else if (message.type === 'base' && !isState(message.state)) {
    const { incarnation, sequence, key } = message
    listener.message({ type: 'missing', incarnation, sequence, key, missing: 1, of: 'base' }, 0)
  } else if (message.type === 'stored') {
    const services = message.services.filter(isStored)
    if (services.length < message.services.length) listener.damaged()
    listener.message({ ...message, services }, characters)
  } else listener.message(message, characters)
}

/** Those that have the shapes of their kinds, in their order with what stands in the place of the others. */
function tellEntries(message: EntriesMessage, characters: number, listener: Listener): void {
  const { incarnation, entries } = message
  // Nearly always.
  if (entries.every((entry) => isEntry(entry) && hasShape(entry))) {
    listener.message(message, characters)
    return
  }
  const told: (EntriesMessage | MissingMessage)[] = []
  for (const entry of entries) {
    const last = told.at(-1)
    if (!isEntry(entry)) listener.damaged()
    else if (!hasShape(entry)) {
      const { sequence, key }: Pick<Entry, 'sequence' | 'key'> = entry
      const isSame = last?.type === 'missing' && last.key === key
      if (isSame) told.pop()
      const missing = isSame ? last.missing + 1 : 1
      told.push({ type: 'missing', incarnation, sequence, key, missing, of: 'entry' })
    } else if (last?.type === 'entries')
      told[told.length - 1] = { ...last, entries: [...last.entries, entry] }
    else told.push({ type: 'entries', incarnation, entries: [entry] })
  }
  for (const one of told) {
    const share = one.type === 'entries' ? one.entries.length / entries.length : 0
    listener.message(one, characters * share)
  }
}
