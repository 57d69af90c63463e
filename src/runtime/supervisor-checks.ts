import {
  aFunction,
  aSwitch,
  be,
  hasMethods,
  isObject,
  isPort,
  listOf,
  milliseconds,
  type OptionCheck,
} from '../errors/option-checks.js'
import type { InspectOptions } from '../ports/inspector.js'
import { isDefinition } from '../service/definition.js'
import { isOrigin, isWebSocketUrl } from './addresses.js'
import type { SupervisorOptions } from './supervisor-options.js'

const each = (value: unknown, holds: (one: unknown) => boolean) => [value].flat().every(holds)

/** What `createSupervisor` takes. */
export const SUPERVISOR_CHECKS: Readonly<Record<keyof SupervisorOptions, OptionCheck>> = {
  store: be("a store, such as sqliteStore('.tardigrade')", (value) => hasMethods(value, 'claim', 'read')),
  host: be('a host or a list of hosts, such as nodeHost()', (value) =>
    each(value, (one) => typeof one === 'function'),
  ),
  definitions: be(
    'a list of what defineService returns',
    (value) => Array.isArray(value) && value.every(isDefinition),
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

const bytes = be('a number of bytes, 0 or more', (value) => typeof value === 'number' && value >= 0)

/** What `inspect` takes where it is options. */
export const INSPECT_CHECKS: Readonly<Record<keyof InspectOptions, OptionCheck>> = {
  port: be('a port from 0 to 65535, or false', (value) => value === false || isPort(value, 0)),
  control: aSwitch,
  redact: be(
    'a list of names and patterns, or a function',
    (value) =>
      typeof value === 'function' ||
      (Array.isArray(value) && value.every((one) => typeof one === 'string' || one instanceof RegExp)),
  ),
  only: aFunction,
  allowOrigins: listOf('an origin such as http://localhost:5173, without a path', isOrigin, 0),
  connect: listOf('a URL such as ws://localhost:8888', isWebSocketUrl, 0),
  memoryBytes: bytes,
  fileBytes: bytes,
  onListening: aFunction,
}
