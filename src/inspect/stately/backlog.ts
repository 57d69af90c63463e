import type { ActorNote, Note } from './notes.js'

/** How many notes wait for a receiver; the oldest make room. */
const MOST_NOTES = 1000
/** How many actors a receiver that comes later is told of. */
const MOST_ACTORS = 10_000

/**
 * What no receiver has been given yet, and what one that comes now must know of the time before: each actor as it was when
 * the oldest note that waits was made. So whatever had to make room, every actor is introduced before its first event.
 */
export class Backlog {
  readonly #known = new Map<string, ActorNote>()
  #notes: Note[] = []

  add(note: Note): void {
    this.#notes.push(note)
    // Half at a time, since taking one from the front of a long list moves all others.
    if (this.#notes.length > MOST_NOTES)
      for (const past of this.#notes.splice(0, MOST_NOTES / 2)) this.#pass(past)
  }

  /** What a receiver that knows nothing must be told first. */
  introductions(): readonly Note[] {
    return [...this.#known.values()]
  }

  /** All notes that wait, in their order; from now on they are past. */
  take(): readonly Note[] {
    const notes = this.#notes
    this.#notes = []
    for (const note of notes) this.#pass(note)
    return notes
  }

  #pass(note: Note): void {
    const { sessionId, lasting } = note.place
    if (note.type === 'actor') {
      this.#known.delete(sessionId)
      this.#known.set(sessionId, note)
      const [oldest] = this.#known.size > MOST_ACTORS ? this.#known.keys() : []
      if (oldest !== undefined) this.#known.delete(oldest)
    } else if (note.type === 'snapshot') {
      const known = this.#known.get(sessionId)
      if (known === undefined) return
      if (note.snapshot.status === 'active' || lasting)
        this.#known.set(sessionId, { ...known, snapshot: note.snapshot })
      else this.#known.delete(sessionId)
    }
  }
}
