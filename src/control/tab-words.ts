import * as v from 'valibot'

/** A `BroadcastChannel` of the platform, as far as this library uses it. */
interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  close(): void
}

export const openTabChannel = (name: string): Channel => {
  // Browsers and Node have it; their types of its events differ.
  const { BroadcastChannel } = globalThis as unknown as { BroadcastChannel: new (name: string) => Channel }
  return new BroadcastChannel(`tardigrade:control:${name}`)
}

/*
 * Who asks says so first (`asked`), and sends its request (`requested`) to the owner that says it has heard that (`heard`): so one tab at
 * most is sent it, which owned the store a moment ago, and none once the asker has given up. While the owner works, it says when asked
 * (`still`) that it has heard.
 */
export const asked = v.object({ ask: v.string() })
export const requested = v.object({ ask: v.string(), to: v.string(), request: v.unknown() })
export const still = v.object({ still: v.string() })
export const heard = v.object({ heard: v.string(), by: v.string() })
export const answered = v.object({ answer: v.string(), reply: v.unknown() })

export type TabWord = v.InferOutput<
  typeof asked | typeof requested | typeof still | typeof heard | typeof answered
>
