/**
 * The reasons to stop for now that this library names; an author's own are any other text.
 *
 * `frozen` and `shutdown` pause every service; the others those whose `pauseOn` lists them.
 */
export type Interruption =
  | 'background'
  | 'frozen'
  | 'offline'
  | 'low-battery'
  | 'low-memory'
  | 'data-saver'
  | 'shutdown'
  | 'user'
  | (string & {})

const PLATFORM: ReadonlySet<string> = new Set([
  'background',
  'frozen',
  'offline',
  'low-battery',
  'low-memory',
  'data-saver',
  'shutdown',
])

const ALWAYS: ReadonlySet<string> = new Set(['frozen', 'shutdown'])

/** The platform's interruption whose name has the same letters, such as `lowBattery` or `ofline`, in whatever order and number; undefined for any other text. */
export function platformInterruption(name: string): string | undefined {
  const letters = (text: string) => [...new Set(text.toLowerCase().replace(/[^a-z]/g, ''))].sort().join('')
  return [...PLATFORM].find((known) => letters(known) === letters(name))
}

/** Whether a hold that the program has set outlives it: one named as a platform's does not, any other does. */
export function outlivesProcess(hold: string): boolean {
  return !PLATFORM.has(hold)
}

/** Whether a host's interruption concerns a service with this `pauseOn`. */
export function pausesService(interruption: string, pauseOn: readonly string[]): boolean {
  return ALWAYS.has(interruption) || pauseOn.includes(interruption)
}
