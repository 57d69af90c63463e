import { MissingFeatureError } from '../errors/store.js'

/** What the core asks of an engine beside the language and `console`; old ones of React Native have no `WeakRef`. */
export const NEEDED_GLOBALS =
  'AbortController WeakRef clearTimeout performance queueMicrotask setTimeout'.split(' ')

/** @throws {MissingFeatureError} an engine that an app embeds has none of the web's globals by itself */
export function checkGlobals(): void {
  const missing = NEEDED_GLOBALS.filter((name) => !(name in globalThis)).join(', ')
  if (missing !== '') throw new MissingFeatureError(missing, 'Define it on globalThis, as a polyfill does.')
}
