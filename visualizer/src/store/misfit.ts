/** Of a service, so many entries in another shape than their kind has, or how it stood in another one. The page itself tells it of what has come. */
export interface MisfitMessage {
  readonly type: 'misfit'
  readonly incarnation: string
  /** The last of them. */
  readonly sequence: number
  readonly key: string
  readonly missing: number
  readonly of: 'entry' | 'base'
}
