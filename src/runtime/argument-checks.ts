import { anything, checkOptions, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { isDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'

// What a key must be, the store and `send` say, with the service in their errors.
const SEND = { key: anything }
const START = { key: anything, input: anything }

/** @throws {InvalidOptionError} what was given to `send` beside the event says nothing */
export function checkSendOptions(options: unknown): void {
  checkOptions('send', options, SEND)
}

/** @throws {InvalidOptionError} the definition is none, or what was given beside it says nothing */
export function checkStart(definition: unknown, options: unknown): void {
  if (!isDefinition(definition)) {
    const machine = isMachine(definition) ? 'a machine' : shown(definition)
    throw new InvalidOptionError(
      'definition',
      machine,
      'what defineService({ id, version, machine }) returns',
    )
  }
  checkOptions('start', options, START)
}
