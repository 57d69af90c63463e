import {
  aFunction,
  aSwitch,
  be,
  hasMethods,
  isObject,
  milliseconds,
  type OptionCheck,
} from '../errors/option-checks.js'
import { isDefinition } from '../service/definition.js'
import type { SupervisorOptions } from './supervisor-options.js'

const each = (value: unknown, holds: (one: unknown) => boolean) => [value].flat().every(holds)

/** What `createSupervisor` takes. */
export const SUPERVISOR_CHECKS: Readonly<Record<keyof SupervisorOptions, OptionCheck>> = {
  store: be("a store, such as sqliteStore('.tardigrade')", (value) => hasMethods(value, 'claim', 'read')),
  host: be('a host or a list of hosts, such as nodeHost()', (value) =>
    each(value, (one) => typeof one === 'function'),
  ),
  definitions: be(
    'a list of what defineService returns, one of each id',
    (value) =>
      Array.isArray(value) &&
      value.every((one) => isDefinition(one) && value.find(({ id }) => id === one.id) === one),
  ),
  idleAfterMs: milliseconds,
  clock: be('a clock, such as systemClock', (value) =>
    hasMethods(value, 'now', 'setTimer', 'clearTimer', 'yieldThen'),
  ),
  chaos: aSwitch,
  onFailed: aFunction,
  onWarning: aFunction,
  inspect: be(
    'true, false, options or a function',
    (value) => typeof value === 'boolean' || typeof value === 'function' || isObject(value),
  ),
}
