/** Whoever comes while it is shut waits until it is opened. */
export class Gate {
  #opened: Promise<void> | undefined
  #open = () => {}

  async pass(): Promise<void> {
    await this.#opened
  }

  shut(): void {
    if (this.#opened !== undefined) return
    this.#opened = new Promise<void>((resolve) => {
      this.#open = resolve
    })
  }

  open(): void {
    this.part()()
  }

  /** Stands open for whoever comes; those who wait now wait until the answer is called. */
  part(): () => void {
    this.#opened = undefined
    return this.#open
  }

  /** Lets those through who wait now, and nobody after them. */
  step(): void {
    this.open()
    this.shut()
  }
}
