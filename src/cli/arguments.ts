import { readJson } from '../checkpoint/json.js'
import { InvalidJsonError } from '../errors/cli.js'
import { InvalidEventError, ReservedEventError } from '../errors/service.js'
import { jsonErrorPosition } from './json-position.js'

/**
 * A value written as JSON on the command line.
 * @throws {InvalidJsonError} with the position of what is wrong
 */
export function parseJsonArgument(what: string, text: string, example: string): unknown {
  try {
    return readJson(text)
  } catch (cause) {
    const position = jsonErrorPosition(text) ?? text.length
    const found =
      position < text.length
        ? `${JSON.stringify(text.slice(position, position + 1))} is unexpected`
        : 'it ends'
    throw new InvalidJsonError(what, position, found, example, { cause })
  }
}

/**
 * An event: the name of its type, or a JSON object.
 * @throws {InvalidJsonError} it begins as JSON does and is none
 * @throws {InvalidEventError | ReservedEventError} no machine may be sent it
 */
export function parseEvent(text: string, key: string): { readonly type: string } {
  const event = /^\s*[[{"]/.test(text)
    ? parseJsonArgument('EVENT', text, `send KEY '{"type":"GO"}'`)
    : { type: text }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new InvalidEventError('it is no object', { key })
  }
  const type = 'type' in event ? event.type : undefined
  if (typeof type !== 'string' || type === '') throw new InvalidEventError('its type is no text', { key })
  // The owner refuses them too; here it is said without one.
  if (/^(xstate|tardigrade)\./.test(type)) throw new ReservedEventError(type, { key })
  return { ...event, type }
}

/** A duration in ms, or undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const ms = Number(text)
  return text.trim() === '' || !Number.isFinite(ms) || ms < 0 ? undefined : ms
}
