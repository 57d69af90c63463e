import type { InspectionEvent } from 'xstate'
import type { Fact } from '../../ports/inspector.js'

/** What was heard, as it was noted: nothing is copied, hidden or written yet. */
export type Note = XStateNote | RuntimeNote

export interface XStateNote {
  readonly part: 'lifecycle' | 'machine'
  readonly key: string
  readonly atMs: number
  readonly event: InspectionEvent
  /** Of an actor that was announced: its first snapshot, once it has one. */
  snapshot: object | undefined
}

export interface RuntimeNote {
  readonly part: 'runtime'
  readonly key: string
  readonly definition: string
  readonly atMs: number
  readonly fact: Fact
}
