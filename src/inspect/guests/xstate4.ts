import { xstate4Config } from './config4.js'
import { type Fields, type GuestNote, isFields } from './note.js'
import { fieldsIn, problem, type ReadGuest, readMessage, sessionIn, typeIn } from './reading.js'

/** Reads what `@xstate/inspect` 0.8 sends of an application with XState 4. */
export const readXState4: ReadGuest = (text) =>
  readMessage(text, (message) => {
    if (message.type === 'xstate.disconnect') return [{ type: 'goodbye' }]
    const session = sessionIn(message.sessionId)
    if (!message.type.startsWith('service.')) return [problem('Its type is unknown here', text)]
    return session === undefined ? [problem('It has no sessionId', text)] : notes(message, session, text)
  })

/** An event for an actor of XState 4, as its inspector takes it. */
export function eventText(session: string, event: unknown): string {
  const told = { name: typeIn(event), data: event, $$type: 'scxml', type: 'external', origin: session }
  return JSON.stringify({ type: 'xstate.event', event: JSON.stringify(told) })
}

function notes(
  message: Fields & { readonly type: string },
  session: string,
  text: string,
): readonly GuestNote[] {
  switch (message.type) {
    case 'service.register': {
      const machine = fieldsIn(message.machine)
      const snapshot = snapshotOf(fieldsIn(message.state) ?? {})
      const name = sessionIn(message.id) ?? sessionIn(machine?.id) ?? session
      const parent = sessionIn(message.parent)
      const config = machine && xstate4Config(machine)
      const actor: GuestNote = { type: 'actor', session, parent, name, config, snapshot, atMs: undefined }
      if (machine !== undefined) return [actor]
      return [
        actor,
        problem('Its machine is none, so that it has no chart', String(message.machine), session),
      ]
    }
    case 'service.event': {
      const event = fieldsIn(message.event)
      const data = isFields(event?.data) ? event.data : undefined
      if (data === undefined || typeIn(data) === '') return [problem('Its event has no type', text, session)]
      // What begins is told by the first state.
      if (typeIn(data) === 'xstate.init') return []
      const source = sessionIn(event?.origin)
      return [{ type: 'event', session, source, event: data, atMs: undefined }]
    }
    case 'service.state': {
      // The package tells one without a state of each spawned child.
      if (message.state === undefined) return []
      const state = fieldsIn(message.state)
      if (state === undefined) return [problem('Its state is none', text, session)]
      const event = typeIn(state.event)
      const { changed } = state
      const told = { session, event, snapshot: snapshotOf(state), atMs: undefined }
      return [{ type: 'snapshot', ...told, ...(typeof changed === 'boolean' && { changed }) }]
    }
    case 'service.stop':
      return [{ type: 'stopped', session }]
    default:
      return [problem('Its type is unknown here', text, session)]
  }
}

/** A state of XState 4 as the snapshot that XState 5 would have. */
function snapshotOf({ value, context, tags, done, children }: Fields): Fields {
  return {
    status: done === true ? 'done' : 'active',
    ...(value === undefined ? {} : { value }),
    ...(context === undefined ? {} : { context }),
    ...(Array.isArray(tags) && tags.length > 0 ? { tags } : {}),
    ...(children === undefined ? {} : { children }),
  }
}
