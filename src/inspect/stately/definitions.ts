import type { Hide } from '../redact.js'
import { type Limits, type Shown, shown } from '../shown.js'

/** A chart is read whole or not at all, and written once. */
const DEFINITION_LIMITS: Limits = { depth: 200, values: 500_000, text: 10_000 }

/** The configs of machines as text, each made once. A secret may stand in an initial context or in an action's parameters. */
export class Definitions {
  readonly #texts = new WeakMap<object, string>()
  readonly #hide: Hide

  /** @param write makes of a config, as it is shown, what the receiver is sent */
  constructor(
    hide: Hide,
    private readonly write: (config: Shown) => Shown,
  ) {
    this.#hide = (value, path) => {
      const seen = hide(value, path)
      // An action or a guard written in place, as the package writes it.
      return typeof seen === 'function' ? { type: seen.name } : seen
    }
  }

  textOf(config: unknown, name: string): string {
    if (typeof config !== 'object' || config === null) return JSON.stringify(this.write({ id: name }))
    let text = this.#texts.get(config)
    if (text === undefined) {
      text = JSON.stringify(this.write(shown(config, 'definition', this.#hide, DEFINITION_LIMITS)))
      this.#texts.set(config, text)
    }
    return text
  }
}
