type Granted = (lock: object | null) => unknown
interface Asked {
  readonly ifAvailable?: boolean
  readonly steal?: boolean
  readonly signal?: AbortSignal
}

/** Web Locks of several tabs, in the line in which they asked. */
export class Locks {
  readonly #holders = new Map<string, () => void>()
  readonly #lines = new Map<string, (() => void)[]>()

  async request(
    name: string,
    { ifAvailable = false, steal = false, signal }: Asked,
    granted: Granted,
  ): Promise<unknown> {
    if (signal !== undefined && (ifAvailable || steal)) throw new DOMException('', 'NotSupportedError')
    // The browser answers later.
    await null
    signal?.throwIfAborted()
    if (steal) this.#holders.get(name)?.()
    else if (this.#holders.has(name)) {
      if (ifAvailable) return granted(null)
      await this.#turn(name, signal)
    }
    let rob = () => {}
    const robbed = new Promise<never>((_resolve, reject) => {
      rob = () => reject(new DOMException('', 'AbortError'))
    })
    this.#holders.set(name, rob)
    try {
      return await Promise.race([granted({ name }), robbed])
    } finally {
      // One that was robbed has nothing to give back.
      if (this.#holders.get(name) === rob) {
        this.#holders.delete(name)
        this.#lines.get(name)?.shift()?.()
      }
    }
  }

  #turn(name: string, signal: AbortSignal | undefined): Promise<void> {
    const line = this.#lines.get(name) ?? []
    this.#lines.set(name, line)
    return new Promise((resolve, reject) => {
      line.push(resolve)
      signal?.addEventListener('abort', () => {
        if (line.includes(resolve)) line.splice(line.indexOf(resolve), 1)
        reject(signal.reason)
      })
    })
  }

  async query() {
    const pending = [...this.#lines].flatMap(([name, line]) => line.map(() => ({ name })))
    return { held: [...this.#holders.keys()].map((name) => ({ name })), pending }
  }
}
