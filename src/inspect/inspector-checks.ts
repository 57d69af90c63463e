import {
  aFunction,
  be,
  checkOptions,
  hasMethods,
  isObject,
  type OptionCheck,
  oneOf,
} from '../errors/option-checks.js'
import { SUPERVISOR_CHECKS } from '../runtime/supervisor-checks.js'
import { INSPECT_CHECKS } from './inspect-checks.js'
import type { CommonOptions } from './stately/options.js'

type Checks = Readonly<Record<string, OptionCheck>>

export const aText = be('a text', (value) => typeof value === 'string')
export const aPage = be(
  'the address of a page, such as https://viz.example',
  (value) => typeof value === 'string' && URL.canParse(value),
)
export const aWindow = be("a window, such as this page's own", (value) =>
  hasMethods(value, 'open', 'addEventListener', 'removeEventListener'),
)
export const anIframe = be('an iframe', (value) => hasMethods(value, 'addEventListener', 'setAttribute'))

const COMMON_CHECKS: Readonly<Record<keyof CommonOptions, OptionCheck>> = {
  only: aFunction,
  redact: INSPECT_CHECKS.redact,
  label: aText,
  onWarning: aFunction,
  clock: SUPERVISOR_CHECKS.clock,
}

/**
 * Refuses options that the way does not have, or that are not what they must be: a misspelt `redact` would hide nothing.
 * @throws {InvalidOptionError} they are no object, one is missing or unknown, or one is not what it must be
 */
export function checkInspector<Way extends string>(
  of: string,
  options: { readonly way?: Way | undefined },
  ways: Readonly<Record<Way, Checks>>,
  otherwise: Way,
  required: Partial<Readonly<Record<Way, readonly string[]>>> = {},
): void {
  const given = isObject(options) ? options.way : undefined
  const way = { way: oneOf(...Object.keys(ways)) }
  checkOptions(of, { way: given }, way)
  const chosen = given ?? otherwise
  checkOptions(
    `${of} (way ${chosen})`,
    options,
    { ...way, ...ways[chosen], ...COMMON_CHECKS },
    required[chosen],
  )
}
