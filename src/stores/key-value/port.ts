/** A storage of texts by key, as phones have them, as far as these stores use it. Each write is there whole or not at all. */
export interface KeyValue {
  /** For messages: what it is. */
  readonly name: string
  get(key: string): Promise<string | undefined>
  set(key: string, text: string): Promise<void>
  remove(key: string): Promise<void>
  /** Every key of the storage, those of others among them. */
  keys(): Promise<readonly string[]>
  /** Longest text that it takes for a key, in UTF-16 code units. */
  readonly longest: number
}
