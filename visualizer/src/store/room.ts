import type { Service } from './service.js'

/** Moments of all services together that the page keeps, and characters of them; then the older ones of the longest history make room. */
const MOST = { moments: 200_000, characters: 100_000_000 }
/** The share of them that is kept then. */
const ROOM_TO = 0.9

export type Most = typeof MOST

/** Bounds what the page remembers. */
export class Room {
  #moments = 0
  #characters = 0
  /** The share of what may be kept from which on some make room. */
  #fullAt = 1
  readonly #most: Most

  constructor(most: Partial<Most> = {}) {
    this.#most = { ...MOST, ...most }
  }

  /** So many more moments, with so many characters. */
  add(moments: number, characters: number): void {
    this.#moments += moments
    this.#characters += characters
  }

  get isFull(): boolean {
    return this.#share > this.#fullAt
  }

  /**
   * Much at a time, so that it is seldom looked for: the older half of the longest history, of the next longest …
   *
   * @param touch is told of each service that has made room
   */
  make(services: readonly Service[], touch: (service: Service) => void): void {
    const isByLength = this.#moments / this.#most.moments === this.#share
    const sizeOf = ({ moments }: Service) => (isByLength ? moments.length : moments.characters)
    let freed = 1
    while (this.#share > ROOM_TO && freed > 0) {
      freed = 0
      for (const service of [...services].sort((a, b) => sizeOf(b) - sizeOf(a))) {
        if (this.#share <= ROOM_TO) break
        const { length, characters } = service.moments
        service.moments.dropOldest()
        freed += length - service.moments.length
        this.#moments += service.moments.length - length
        this.#characters += service.moments.characters - characters
        touch(service)
      }
    }
    // More services than moments that may be kept: each keeps how it stands.
    this.#fullAt = Math.max(1, this.#share / ROOM_TO)
  }

  /** How much of what may be kept is: by moments or by characters, whichever is more. */
  get #share(): number {
    return Math.max(this.#moments / this.#most.moments, this.#characters / this.#most.characters)
  }
}
