import type { TardigradeError } from '../errors/base.js'
import { argument } from './format.js'

const again = (key: string, option = '') => `\`tardigrade run MODULE --key ${key} --retry${option}\``

/** A service that `run` had in its hands is run again; one that another process keeps is retried there. */
const retry = (key: string, option = '') =>
  `${again(key, option)}, or \`tardigrade retry ${key}${option}\` while a process has the store open`

/** From the owner comes the sentence alone, not the error's fields. */
const withoutEvent = (message: string) =>
  /[”)] of its inbox: /.test(message)
    ? ' With --last-good it goes on without that event, which stays in quarantine.'
    : ''

/** By the error's code: what to do at a prompt, where the error itself says what to do in code. */
const REMEDIES: Readonly<Record<string, (key: string, error: TardigradeError) => string>> = {
  INVALID_EVENT: () => `Write the name of its type, as in GO, or an object, as in '{"type":"GO"}'.`,
  INVALID_REQUEST: () => 'Use the version of this command that the process with the store runs.',
  SERVICE_ENDED: (key, { message }) => {
    // From the owner comes the sentence alone, not the error's fields.
    if (message.includes('is failed')) return `Mend the cause, then: ${retry(key)}. Then send again.`
    if (message.includes('is stopped')) return `Start it again with \`tardigrade run MODULE --key ${key}\`.`
    return `It has come to its end; \`tardigrade rm ${key}\` makes room for a new one.`
  },
  BACK_PRESSURE: () => 'Send it again when the service has worked off what waits.',
  MACHINE_FAILED: (key, { message }) =>
    `It stands as it did before that. Mend the cause, then: ${retry(key)}.${withoutEvent(message)}`,
  EFFECT_FAILED: (key) =>
    `It is still owed, and runs again under the same key. Mend the cause, then: ${retry(key)}.`,
  FAILED_EARLIER: (key, { message }) => `Mend the cause, then: ${retry(key)}.${withoutEvent(message)}`,
  UNKNOWN_SERVICE: (key, { service }) =>
    service === undefined
      ? 'List the keys with `tardigrade ls`.'
      : `The process that has the store open did not load its module: end that process, then: \`tardigrade run MODULE --key ${key}\`.`,
  NO_GOOD_CHECKPOINT: (key) =>
    `Mend the cause, then: ${retry(key)}. To give it up: \`tardigrade rm ${key}\`.`,
  SUPERVISOR_CLOSED: () => 'The process that has the store open is ending; ask the next one.',
  DAMAGED_CHECKPOINT: (key) =>
    `It is kept. \`tardigrade doctor\` tells whether an older one is good, and \`tardigrade inspect\` shows what each holds; to go on from that: ${retry(key, ' --last-good')}.`,
  INVALID_CHECKPOINT: (key) =>
    `It is kept. Raise the definition’s version and add a migration that mends it; or go on from the one before: ${retry(key, ' --last-good')}.`,
  FOREIGN_CHECKPOINT: () => 'Choose another key with --key, or give the definition its old id back.',
  STALE_EPOCH: () => 'Another process has taken the store over; `tardigrade ls` names it.',
  SEQUENCE: () => 'Another process wrote this record; `tardigrade doctor` looks at it.',
  STORE_LOCKED: () =>
    'End that process, or name another store with --store. Beside it `tardigrade ls`, `show`, `history` and `doctor` read; `send`, `pause`, `resume`, `retry` and `rm` reach it, where it takes requests.',
  STORE_FULL: (key) => `Free space. A service that failed for it: ${retry(key)}.`,
  STORE_UNREACHABLE: (key) =>
    `See that its server runs and the network leads there. A service that failed for it: ${retry(key)}.`,
  STORE_FAILED: (key) => `Mend what the cause names. A service that failed for it: ${retry(key)}.`,
  STORE_CLOSED: () => 'Run the command again.',
}

/** What to do about an error, at a prompt. */
export function remedyOf(error: TardigradeError): string {
  const { code, key, remedy } = error
  if (!Object.hasOwn(REMEDIES, code)) return remedy
  return REMEDIES[code]?.(key === undefined ? 'KEY' : argument(key), error) ?? remedy
}
