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
  | 'shutdown'
  | 'user'
  | (string & {})

const PLATFORM: ReadonlySet<string> = new Set([
  'background',
  'frozen',
  'offline',
  'low-battery',
  'low-memory',
  'shutdown',
])

const ALWAYS: ReadonlySet<string> = new Set(['frozen', 'shutdown'])

/** Whether a hold of this name is kept in the checkpoint: a platform's ends with the process, a person's does not. */
export function outlivesProcess(hold: string): boolean {
  return !PLATFORM.has(hold)
}

/** Whether a host's interruption concerns a service with this `pauseOn`. */
export function pausesService(interruption: string, pauseOn: readonly string[]): boolean {
  return ALWAYS.has(interruption) || pauseOn.includes(interruption)
}

/** The holds with one more, each once, in the order they came. */
export function withHold(holds: readonly string[], hold: string): readonly string[] {
  return holds.includes(hold) ? holds : [...holds, hold]
}

/** The holds without one. */
export function withoutHold(holds: readonly string[], hold: string): readonly string[] {
  return holds.includes(hold) ? holds.filter((other) => other !== hold) : holds
}
