/** What services have done to the outside, and what must never be. */
export class Outside {
  readonly violations: string[] = []
  /** By service, in the order in which it was first done. */
  readonly done = new Map<string, string[]>()
  readonly #keys = new Map<string, string>()

  /** @param durable whether the event with this number is in the service's checkpoint */
  did(service: string, key: string | undefined, what: string, durable: (n: number) => boolean): void {
    const told = `${service}: ${what}`
    if (key === undefined) this.violations.push(`${told} was done without a key`)
    const before = this.#keys.get(key ?? told)
    if (before === told) return
    if (before !== undefined) this.violations.push(`the key ${key} named “${before}”, and now “${told}”`)
    this.#keys.set(key ?? told, told)
    const list = this.done.get(service) ?? []
    this.done.set(service, list)
    if (list.includes(what)) this.violations.push(`${told} was done again under another key, ${key}`)
    else list.push(what)
    if (!durable(Number(what.split(' ')[1]))) this.violations.push(`${told} was done before it was durable`)
  }
}
