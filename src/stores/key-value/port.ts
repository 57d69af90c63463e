/** A storage of texts by key, as phones have them, as far as these stores use it. Each write is there whole or not at all. */
export interface KeyValue {
  /** For messages: what it is. */
  readonly name: string
  get(key: string): Promise<string | undefined>
  set(key: string, text: string): Promise<void>
  remove(key: string): Promise<void>
  /**
   * Sets the text of a key, or removes it, if what the guard names is still there; false where it is not. In one go where the storage answers
   * at once; else the guard is asked first, and the storage may change between the two.
   */
  setWhile(guard: Guard, key: string, text: string | undefined): Promise<boolean>
  /** Every key of the storage, those of others among them. */
  keys(): Promise<readonly string[]>
  /** Longest text that it takes for a key, in UTF-16 code units. */
  readonly longest: number
}

/** That a key has a text, or none. */
export interface Guard {
  readonly key: string
  readonly text: string | undefined
}
