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
  definitions: {
    expected: 'a list of what defineService returns, one of each id',
    wrong: (value) => {
      if (!Array.isArray(value)) return [value]
      // Their ids tell more than what they hold.
      const ids: readonly unknown[] = value.map((one) => (isDefinition(one) ? one.id : one))
      const wrong = ids.findIndex(
        (id, at) => !isDefinition(value[at]) || value[ids.indexOf(id)] !== value[at],
      )
      return wrong < 0 ? [] : [ids.filter((id) => id === ids[wrong])]
    },
  },
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
