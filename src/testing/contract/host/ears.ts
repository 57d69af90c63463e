import type { HostSink } from '../../../ports/host.js'
import { holds } from '../expect.js'

/** What a host has said, and when it is believed to rest. */
export interface Ears {
  /** Give this to the host. */
  readonly sink: HostSink
  /** The interruptions in force. */
  readonly held: ReadonlySet<string>
  /** Every word said, in order. */
  readonly words: readonly string[]
  /** Every deadline given, undefined where there was none. */
  readonly deadlines: readonly unknown[]
  /** The deadline of each shutdown. */
  readonly shutdowns: readonly unknown[]
}

/** A sink that keeps what it hears. */
export function ears(): Ears {
  const held = new Set<string>()
  const words: string[] = []
  const deadlines: unknown[] = []
  const shutdowns: unknown[] = []
  return {
    held,
    words,
    deadlines,
    shutdowns,
    sink: {
      async interrupt(word, options) {
        held.add(word)
        words.push(word)
        deadlines.push(options?.deadlineMs)
      },
      async release(word) {
        held.delete(word)
        words.push(word)
      },
      async shutdown(options) {
        deadlines.push(options?.deadlineMs)
        shutdowns.push(options?.deadlineMs)
      },
    },
  }
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

/** Waits until it holds. @throws {Unmet} it does not come to hold, in words */
export async function soon(
  patienceMs: number,
  condition: () => boolean,
  otherwise: () => string,
): Promise<void> {
  const untilMs = Date.now() + patienceMs
  while (!condition() && Date.now() < untilMs) await turn()
  holds(condition(), otherwise())
}

/** Lets everything be said that is about to be. */
export async function silence(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await turn()
}
