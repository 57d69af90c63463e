/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * What a guest has told, whatever its protocol: a guest is an application that no supervisor runs and that shows its actors here.
 * Sessions are the guest's own names of its actors.
 */
export type GuestNote =
  | {
      readonly type: 'actor'
      readonly session: string
      /** Session of the actor that has started it. */
      readonly parent: string | undefined
      readonly name: string
      /** The machine's config, as XState 5 writes it; undefined where there is none. */
      readonly config: Fields | undefined
      readonly snapshot: Fields
      readonly atMs: number | undefined
    }
  | {
      readonly type: 'event'
      readonly session: string
      /** Session of the sender. */
      readonly source: string | undefined
      readonly event: unknown
      readonly atMs: number | undefined
    }
  | {
      readonly type: 'snapshot'
      readonly session: string
      /** Type of the event that has led there. */
      readonly event: string
      readonly snapshot: Fields
      /** Whether the event has changed anything, where the protocol says so. */
      readonly changed?: boolean
      readonly atMs: number | undefined
    }
  /** It ended, without a last snapshot. */
  | { readonly type: 'stopped'; readonly session: string }
  /** The guest says goodbye. */
  | { readonly type: 'goodbye' }
  /** Something that it has sent could not be taken. */
  | {
      readonly type: 'problem'
      readonly problem: string
      /** The rest of the sentence, with a part of what was sent: nobody has hidden anything in it. */
      readonly sent?: string
      readonly session?: string
    }

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
