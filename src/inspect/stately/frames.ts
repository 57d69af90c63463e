import type { Hide } from '../redact.js'
import { type Limits, type Shown, shown } from '../shown.js'
import type { Note, Sketch } from './notes.js'

/** The version of the protocol that is spoken: that of `@statelyai/inspect`. */
const VERSION = '0.7.2'

/** A chart is read whole or not at all, and written once. */
const DEFINITION_LIMITS: Limits = { depth: 200, values: 500_000, text: 10_000 }

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
  readonly #definitions = new WeakMap<object, string>()

  readonly #hideInDefinition: Hide

  constructor(private readonly hide: Hide) {
    this.#hideInDefinition = (value, path) => {
      const seen = hide(value, path)
      // An action or a guard written in place, as the package writes it.
      return typeof seen === 'function' ? { type: seen.name } : seen
    }
  }

  frameOf(note: Note): Frame {
    const { sessionId, rootId, parentId, name } = note.place
    const common = { sessionId, rootId, id: null, createdAt: `${note.atMs}`, _version: VERSION }
    switch (note.type) {
      case 'actor': {
        const definition = this.#definition(note.config, name)
        const snapshot = this.#snapshot(note.snapshot)
        return { type: '@xstate.actor', name, parentId, definition, snapshot, ...common }
      }
      case 'event':
        return { type: '@xstate.event', event: this.#event(note.event), sourceId: note.source, ...common }
      case 'snapshot': {
        const snapshot = this.#snapshot(note.snapshot)
        return { type: '@xstate.snapshot', event: this.#event(note.event), snapshot, ...common }
      }
    }
  }

  #event(event: unknown): Shown {
    return shown(event, 'event', this.hide)
  }

  #snapshot(sketch: Sketch): Shown {
    const fields = Object.entries(sketch).map(
      ([name, value]) => [name, shown(value, name, this.hide)] as const,
    )
    return Object.fromEntries(fields)
  }

  /** A machine's config as text. A secret may stand in its initial context or in an action's parameters. */
  #definition(config: unknown, name: string): string {
    if (typeof config !== 'object' || config === null) return JSON.stringify({ id: name })
    let text = this.#definitions.get(config)
    if (text === undefined) {
      text = JSON.stringify(shown(config, 'definition', this.#hideInDefinition, DEFINITION_LIMITS))
      this.#definitions.set(config, text)
    }
    return text
  }
}
