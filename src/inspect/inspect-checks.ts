import { aFunction, aSwitch, be, isPort, listOf, type OptionCheck } from '../errors/option-checks.js'
import type { InspectOptions } from '../ports/inspector.js'
import { isOrigin, isWebSocketUrl } from '../runtime/addresses.js'

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
