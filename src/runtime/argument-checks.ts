import type { ErrorFacts } from '../errors/base.js'
import { aName, anything, aSwitch, checkOptions, milliseconds, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { isDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'

// What a service's key must be the store says.
const START = { key: anything, input: anything }

/** What the methods of a service and its supervisor take beside what they are about. */
const METHODS = {
  send: { key: aName },
  pause: { deadlineMs: milliseconds },
  /** Which is no option of `pause`. */
  hold: { hold: aName },
  stop: { deadlineMs: milliseconds },
  retry: { lastGood: aSwitch },
  close: { deadlineMs: milliseconds },
}

/** @throws {InvalidOptionError} what was given to a method says nothing, or something else than was meant */
export function checkMethod(method: keyof typeof METHODS, options: unknown, facts?: ErrorFacts): void {
  checkOptions(method, options, METHODS[method], [], facts)
}

/** @throws {InvalidOptionError} the definition is none, or what was given beside it says nothing */
export function checkStart(definition: unknown, options?: { readonly key?: string }): void {
  if (!isDefinition(definition)) {
    const machine = isMachine(definition) ? 'a machine' : shown(definition)
    throw new InvalidOptionError(
      'definition',
      machine,
      'what defineService({ id, version, machine }) returns',
    )
  }
  checkOptions('start', options, START, [], { service: definition.id, key: options?.key })
}
