import type { Fields, GuestNote } from './note.js'
import { isFields } from './note.js'
import { fieldsIn, problem, type ReadGuest, readMessage, sessionIn, typeIn } from './reading.js'

/** Reads what `@statelyai/inspect` 0.7 sends of an application with XState 5. */
export const readStately: ReadGuest = (text) =>
  readMessage(text, (message) => {
    if (message.type === '@statelyai.disconnected') return [{ type: 'goodbye' }]
    const session = sessionIn(message.sessionId)
    if (!['@xstate.actor', '@xstate.event', '@xstate.snapshot'].includes(message.type)) {
      return [problem('Its type is unknown here', text)]
    }
    return session === undefined ? [problem('It has no sessionId', text)] : notes(message, session, text)
  })

function notes(
  message: Fields & { readonly type: string },
  session: string,
  text: string,
): readonly GuestNote[] {
  const atMs = timeIn(message.createdAt)
  if (message.type === '@xstate.event') {
    const { event } = message
    if (typeIn(event) === '') return [problem('Its event has no type', text, session)]
    return [{ type: 'event', session, source: sessionIn(message.sourceId), event, atMs }]
  }
  const { snapshot } = message
  if (!isFields(snapshot)) return [problem('It has no snapshot', text, session)]
  if (message.type === '@xstate.snapshot') {
    return [{ type: 'snapshot', session, event: typeIn(message.event), snapshot, atMs }]
  }
  const config = fieldsIn(message.definition)
  const name = sessionIn(message.name) ?? session
  const parent = sessionIn(message.parentId)
  const actor: GuestNote = { type: 'actor', session, parent, name, config, snapshot, atMs }
  if (config !== undefined || message.definition === undefined) return [actor]
  return [
    actor,
    problem('Its definition is none, so that it has no chart', String(message.definition), session),
  ]
}

function timeIn(createdAt: unknown): number | undefined {
  const atMs = Number(createdAt)
  return typeof createdAt === 'string' && Number.isSafeInteger(atMs) && atMs > 0 ? atMs : undefined
}
