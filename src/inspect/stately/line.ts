import type { TardigradeError } from '../../errors/base.js'

/** What a line tells of its receiver. */
export interface LineListener {
  /** A receiver is there, and knows nothing yet. */
  opened(): void
  /** None can be reached, or it has gone away. */
  warned(warning: TardigradeError): void
}

/** The way to one receiver, which may come, go away and come back. */
export interface Line<Frame> {
  /** Whether a receiver is there, and whether it takes more. */
  readonly state: 'absent' | 'open' | 'full'
  /** Never throws: what cannot be sent is lost. */
  send(frame: Frame): void
  /** Lets what was sent arrive, as far as that takes no second, and gives the line up. Never rejects. */
  close(): Promise<void>
}
