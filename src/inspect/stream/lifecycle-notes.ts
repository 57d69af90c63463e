import type { AnyActorRef, InspectionEvent, SnapshotFrom } from 'xstate'
import { type Hold, hasHold, PROGRAM } from '../../service/holds.js'
import { lifecycleMachine } from '../../service/lifecycle.js'
import type { Hide } from '../redact.js'
import { shown } from '../shown.js'
import type { Charts } from './charts.js'
import type { Tell } from './recorder.js'
import type { Track } from './track.js'
import { STREAM_LIMITS } from './view.js'

type Lifecycle = SnapshotFrom<typeof lifecycleMachine>

/** Tells what happened in a service's lifecycle: its states, and the holds that were set and released. */
export class LifecycleNotes {
  constructor(
    private readonly hide: Hide,
    private readonly tell: Tell,
  ) {}

  /** Hash of the chart of every lifecycle. */
  chart(charts: Charts): string {
    return charts.hashOf(lifecycleMachine)
  }

  write(track: Track, event: InspectionEvent): void {
    if (event.type !== '@xstate.snapshot') return
    // Only lifecycles are heard of here.
    this.#see(track, event.snapshot as unknown as Lifecycle, event.event.type)
  }

  /** The lifecycle is there. */
  introduce(track: Track, _: AnyActorRef, snapshot: object): void {
    this.#see(track, snapshot as Lifecycle, 'xstate.init')
  }

  #see(track: Track, snapshot: Lifecycle, event: string): void {
    const { value: state, context } = snapshot
    this.#holds(track, context.holders)
    if (track.lifecycle === state) return
    const failure =
      context.failure === undefined ? undefined : shown(context.failure, 'failure', this.hide, STREAM_LIMITS)
    const told = failure === undefined ? {} : { failure }
    this.tell(track, { kind: 'lifecycle', state, event, ...told })
    track.lifecycle = state
    track.failure = failure
    track.ended = state === 'done' || state === 'stopped'
    // Its machine enters no state any more.
    if (track.ended) track.armed = undefined
    if (state === 'failed') track.inbox = []
  }

  #holds(track: Track, holders: Lifecycle['context']['holders']): void {
    const before = track.holders
    if (before === holders) return
    for (const hold of before) {
      if (hasHold(holders, hold)) continue
      const asker = this.#asked(track, hold)
      this.tell(track, { kind: 'hold', change: 'released', hold: hold.name, by: hold.by, ...asker })
      track.holders = track.holders.filter((other) => other !== hold)
      track.askers.delete(hold.name)
    }
    for (const hold of holders) {
      if (hasHold(before, hold)) continue
      const asker = this.#asked(track, hold)
      this.tell(track, { kind: 'hold', change: 'set', hold: hold.name, by: hold.by, ...asker })
      track.holders = [...track.holders, hold]
      if (asker.asker !== undefined) track.askers.set(hold.name, asker.asker)
    }
    track.holders = holders
  }

  /** For whom the program does it. */
  #asked(track: Track, { name, by }: Hold): { readonly asker?: string } {
    if (by !== PROGRAM) return {}
    const asker = track.asked.get(name)
    track.asked.delete(name)
    return asker === undefined ? {} : { asker }
  }
}
