import type { InspectionEvent } from 'xstate'
import type { Clock } from '../../ports/clock.js'
import type { Inspected } from '../../ports/inspector.js'
import { Backlog } from './backlog.js'
import type { Line } from './line.js'
import type { Note } from './notes.js'
import { Observer } from './observer.js'

/** How soon a line that takes no more is asked again. */
const RETRY_MS = 50

/**
 * Feeds a line with what happens in services. An event is only noted while its service runs; it is written when that
 * has come to the end of its turn, and only for a receiver that is there.
 */
export class Feed<Frame> {
  readonly #backlog = new Backlog()
  readonly #observer: Observer
  #line: Line<Frame> | undefined
  #scheduled = false
  #waiting: unknown

  constructor(
    /** Writes a note as a receiver is told it. */
    private readonly framesOf: (note: Note) => readonly Frame[],
    label: string | undefined,
    private readonly clock: Clock,
    /** Runs what nobody else would catch. */
    private readonly safely: (run: () => void) => void,
  ) {
    this.#observer = new Observer(
      label,
      () => clock.now(),
      (note) => this.#backlog.add(note),
    )
  }

  /** From now on it is this line that is fed. */
  connect(line: Line<Frame>): void {
    this.#line = line
  }

  observe(event: InspectionEvent, of: Inspected): void {
    this.#observer.observe(event, of)
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.safely(() => this.flush())
    })
  }

  /** A receiver came that knows nothing. */
  introduce(): void {
    this.#send(this.#backlog.introductions())
    this.flush()
  }

  /** Sends what waits, where there is a receiver. */
  flush(): void {
    this.#observer.introduce()
    const state = this.#line?.state
    if (state === 'open') this.#send(this.#backlog.take())
    else if (state === 'full') this.#flushLater()
  }

  /** Sends what waits, for the last time. */
  end(): void {
    this.flush()
    this.clock.clearTimer(this.#waiting)
  }

  #flushLater(): void {
    this.clock.clearTimer(this.#waiting)
    this.#waiting = this.clock.setTimer(() => this.safely(() => this.flush()), RETRY_MS, true)
  }

  #send(notes: readonly Note[]): void {
    for (const frame of notes.flatMap(this.framesOf)) this.#line?.send(frame)
  }
}
