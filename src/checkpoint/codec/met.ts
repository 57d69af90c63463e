/** Up to so many, looking through a list is faster than giving each a hash. */
const FEW = 16

/** The objects that a walk has met. */
export class Met {
  #few: object[] = []
  #many: Set<object> | undefined

  /** Whether the object was met before; from now on it was. */
  again(object: object): boolean {
    if (this.#many !== undefined) {
      // One look into the set instead of two.
      const before = this.#many.size
      return this.#many.add(object).size === before
    }
    // An index, because an iterator costs more than the list.
    for (let index = 0; index < this.#few.length; index++) if (this.#few[index] === object) return true
    this.#few.push(object)
    if (this.#few.length > FEW) this.#many = new Set(this.#few)
    return false
  }
}
