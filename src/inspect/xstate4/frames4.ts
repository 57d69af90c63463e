import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import { Definitions } from '../stately/definitions.js'
import { type Note, type Sketch, sketchShown } from '../stately/notes.js'
import { definition4 } from './definition4.js'

/** One message, as `@xstate/inspect` 0.8 writes it: values within it are JSON of their own. */
export type Frame4 =
  | {
      readonly type: 'service.register'
      readonly machine: string
      readonly state: string
      readonly sessionId: string
      readonly id: string
      readonly parent?: string | undefined
    }
  | { readonly type: 'service.event'; readonly event: string; readonly sessionId: string }
  | { readonly type: 'service.state'; readonly state: string; readonly sessionId: string }
  | { readonly type: 'service.stop'; readonly sessionId: string }

/** Writes notes as messages of XState 4, with every secret hidden. */
export class Frames4 {
  readonly #definitions: Definitions

  constructor(private readonly hide: Hide) {
    this.#definitions = new Definitions(hide, (config) => ({
      // Without it XState 4 warns of each.
      predictableActionArguments: true,
      ...definition4(config),
    }))
  }

  framesOf(note: Note): readonly Frame4[] {
    const { sessionId, parentId: parent, name: id } = note.place
    switch (note.type) {
      case 'actor': {
        const machine = this.#definitions.textOf(note.config, id)
        const state = this.#state(note.snapshot, { type: 'xstate.init' })
        return [{ type: 'service.register', machine, state, sessionId, id, parent }, ...this.#end(note)]
      }
      case 'event':
        return [{ type: 'service.event', event: this.#event(note.event, note.source), sessionId }]
      case 'snapshot': {
        const state = this.#state(note.snapshot, note.event)
        return [{ type: 'service.state', state, sessionId }, ...this.#end(note)]
      }
    }
  }

  #end({ place, snapshot }: { readonly place: Note['place']; readonly snapshot: Sketch }): readonly Frame4[] {
    return snapshot.status === 'active' ? [] : [{ type: 'service.stop', sessionId: place.sessionId }]
  }

  #event(event: unknown, origin: string | undefined): string {
    return JSON.stringify(this.#scxml(shown(event, 'event', this.hide), origin))
  }

  #scxml(data: Shown, origin?: string): { readonly [name: string]: Shown } {
    const type = typeof data === 'object' && data !== null && 'type' in data ? data.type : ''
    const told = { name: typeof type === 'string' ? type : '', data, $$type: 'scxml', type: 'external' }
    return origin === undefined ? told : { ...told, origin }
  }

  /** A state, as `State.create` of XState 4 takes it. What is no machine has its snapshot for a context. */
  #state(sketch: Sketch, event: unknown): string {
    const { status, value, context, children, tags, ...rest } = sketchShown(sketch, this.hide)
    const data = shown(event, 'event', this.hide)
    return JSON.stringify({
      value: value ?? {},
      context: context ?? rest,
      event: data,
      _event: this.#scxml(data),
      actions: [],
      activities: {},
      meta: {},
      events: [],
      transitions: [],
      children: children ?? {},
      tags: tags ?? [],
      done: status === 'done',
      changed: true,
    })
  }
}
