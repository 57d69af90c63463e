// @long: a thousand traces, each twice.
import * as fc from 'fast-check'
import { type Step, trace } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { chooseOf } from '../../src/testing/plans/choose.js'
import type { Draft } from '../../src/testing/plans/drafts.js'
import { families } from '../../src/testing/plans/random.js'
import { INTERRUPTION_KINDS } from '../../src/testing/plans/steps.js'
import { tokenOf } from '../../src/testing/plans/token.js'
import { weave } from '../../src/testing/plans/weave.js'
import { flat } from '../interruption/machines.js'

const chosen = (choose: ReturnType<typeof chooseOf>, draft: Draft): readonly Step[] => {
  if (draft.do === 'choose') return [{ do: 'send', event: choose(draft, []) }]
  return draft.do === 'wait' ? [] : [draft]
}

test('the same token gives the same trace, byte for byte: 1,000 of 1,000', { timeout: 120_000 }, async () => {
  const machine = flat([])
  const source = {
    events: ['A', 'B', 'C', 'D', 'E'].map((type) => ({ type })),
    kinds: INTERRUPTION_KINDS.filter((kind) => kind !== 'upgrade'),
    delaysMs: [30, 50, 70],
    waits: false,
    mostSteps: 6,
    openingSteps: 0,
    fewest: 1,
    longestMs: 100,
  }
  const choose = chooseOf(source.events, () => false)
  const plans = fc.sample(families(fc, source), { numRuns: 1000, seed: 11 }).flatMap(({ author, ways }) =>
    ways.slice(0, 1).map((way) =>
      weave(
        author.flatMap((draft) => chosen(choose, draft)),
        way,
      ),
    ),
  )
  const tokens = plans.map((steps) => tokenOf('flat', { steps }))
  expect(new Set(tokens).size).toBeGreaterThan(900)
  const traces = new Map<string, string>()
  for (const token of tokens) traces.set(token, await trace(machine, token))
  // In another order, and with another machine object.
  const another = flat([])
  for (const token of tokens.toReversed()) expect(await trace(another, token)).toBe(traces.get(token))
  expect(new Set(traces.values()).size).toBeGreaterThan(900)
  expect([...traces.values()].every((told) => told.endsWith('With them: no difference\n'))).toBe(true)
})
