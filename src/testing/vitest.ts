import { expect } from 'vitest'
import { VerifyReport } from './report/report.js'

/** Most cells that a message names. */
const MOST_NAMED = 20

/** What the matcher of the same name finds. */
export function toCoverEveryState(received: unknown): { pass: boolean; message: () => string } {
  if (!(received instanceof VerifyReport)) {
    return { pass: false, message: () => 'expected a report of verifyInterruptions' }
  }
  const { neverReached } = received.figures
  const empty = received.matrix.empty()
  const cells = empty.map(({ state, kind, next }) => `${state} × ${kind} × ${next}`)
  const pass = neverReached.length === 0 && cells.length === 0
  const message = () =>
    [
      `expected ${received.figures.service} ${pass ? 'not ' : ''}to be interrupted in every state, in every way, before everything that can come next`,
      ...neverReached.map((id) => `never reached: ${id}`),
      ...cells.slice(0, MOST_NAMED).map((cell) => `empty: ${cell}`),
      ...(cells.length > MOST_NAMED ? [`and ${cells.length - MOST_NAMED} more`] : []),
      ...(pass ? [] : [remedyOf(received)]),
    ].join('\n')
  return { pass, message }
}

/** Where every state was gone through, what is left out lies in what was taken for one state, or was not sent. */
function remedyOf({ figures: { mode, bounds } }: VerifyReport): string {
  if (mode !== 'exhaustive') return "Try mode: 'exhaustive', more runs, or events that lead there."
  return [
    'Give events that lead there.',
    ...(bounds?.key === true
      ? [
          'With `key`, two moments that it does not tell apart are tried as one: let it keep more of the snapshot, as what children are in (`snapshot.children`) or what a guard asks.',
        ]
      : []),
    ...(bounds?.depth === undefined ? [] : [`A \`depth\` of ${bounds.depth} ends before: give more.`]),
  ].join(' ')
}

expect.extend({ toCoverEveryState })

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares its parameter so, and both must agree
  interface Matchers<T = any> {
    /**
     * Of a report of `verifyInterruptions`: every state of the machine was reached, and interrupted in every way before
     * everything that can come next.
     *
     * @example
     * ```ts
     * import 'tardigrade/testing/vitest'
     * expect(await verifyInterruptions(order, { mode: 'exhaustive' })).toCoverEveryState()
     * ```
     */
    toCoverEveryState(): T
  }
}
