import { aName, checkOptions } from '../errors/option-checks.js'

const keys = new WeakMap<object, string>()

/**
 * Gives an event a key, so that the machine gets it once, though the callback or observable that sends it
 * starts again after every interruption. The key must be the same each time: build it from `effectKey()`.
 *
 * It is remembered with the keys of `service.send`; see `rememberEventKeys`. Plain XState ignores it.
 *
 * @returns the event itself
 * @throws {InvalidOptionError} the key is no text of 1 to 512 characters
 *
 * @example
 * ```ts
 * fromCallback(({ sendBack }) => {
 *   sendBack(withEventKey({ type: 'OPENED' }, `${effectKey()}/opened`))
 * })
 * ```
 */
export function withEventKey<TEvent extends { readonly type: string }>(event: TEvent, key: string): TEvent {
  checkOptions('withEventKey', { key }, { key: aName }, ['key'])
  keys.set(event, key)
  return event
}

/** The key that `withEventKey` gave. */
export function eventKeyOf(event: object): string | undefined {
  return keys.get(event)
}
