import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import { Definitions } from './definitions.js'
import { type Note, sketchShown } from './notes.js'

/** The version of the protocol that is spoken: that of `@statelyai/inspect`. */
const VERSION = '0.7.2'

/** One message, as `@statelyai/inspect` writes it. */
export interface Frame {
  readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot'
  readonly sessionId: string
  readonly rootId: string
  readonly id: null
  readonly createdAt: string
  readonly _version: string
  readonly name?: string
  readonly parentId?: string | undefined
  readonly sourceId?: string | undefined
  readonly definition?: string
  readonly event?: Shown
  readonly snapshot?: Shown
}

/** Writes notes as messages, with every secret hidden. */
export class Frames {
  readonly #definitions: Definitions

  constructor(private readonly hide: Hide) {
    this.#definitions = new Definitions(hide, (config) => config)
  }

  frameOf(note: Note): Frame {
    const { sessionId, rootId, parentId, name } = note.place
    const common = { sessionId, rootId, id: null, createdAt: `${note.atMs}`, _version: VERSION }
    switch (note.type) {
      case 'actor': {
        const definition = this.#definitions.textOf(note.config, name)
        const snapshot = sketchShown(note.snapshot, this.hide)
        return { type: '@xstate.actor', name, parentId, definition, snapshot, ...common }
      }
      case 'event':
        return { type: '@xstate.event', event: this.#event(note.event), sourceId: note.source, ...common }
      case 'snapshot': {
        const snapshot = sketchShown(note.snapshot, this.hide)
        return { type: '@xstate.snapshot', event: this.#event(note.event), snapshot, ...common }
      }
    }
  }

  #event(event: unknown): Shown {
    return shown(event, 'event', this.hide)
  }
}
