import { type OptionCheck, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'

/**
 * A check of a list or of named values that tells the very part which is wrong by its path, as in `events[1]` or `effects.mail`.
 * It throws an {InvalidOptionError} by itself.
 */
export function parted(path: string, check: OptionCheck): OptionCheck {
  return {
    expected: check.expected,
    wrong(whole) {
      const wrong = check.wrong(whole)
      // What is wrong as a whole has no parts that could be told.
      if (wrong.length === 0 || Object.is(wrong[0], whole)) return wrong
      const [name = ''] = Object.entries(Object(whole)).find(([, part]) => Object.is(part, wrong[0])) ?? []
      const at = Array.isArray(whole) ? `[${name}]` : `.${name}`
      throw new InvalidOptionError(`${path}${at}`, shown(wrong[0]), check.expected)
    },
  }
}
