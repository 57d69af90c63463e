import { type InterruptionBugError, type Step, trace, verifyInterruptions } from 'tardigrade/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { tracedAgain } from '../deep/parts/traces.js'
import { Elsewhere } from '../deep/traces/elsewhere.js'
import { MODES, optionsFor } from '../deep/traces/tokens.js'
import { SUBJECTS, TALKING } from '../interruption/subjects.js'
import { bringUpToDate } from '../kit/built.js'
import { thrownBy } from './machines.js'

/** Plans of each machine and mode; `npm run test:deep` takes more of them, with other events. */
const PLANS = 12

bringUpToDate()
const elsewhere = new Elsewhere()
afterAll(() => elsewhere.close())

describe.each(SUBJECTS)(
  'the same token gives the same trace, byte for byte, in another process too: $name',
  (subject) => {
    test.each(MODES)('%s', async (mode) => {
      const { tokens, differing, coded } = await tracedAgain(subject, mode, {
        seed: 11,
        most: PLANS,
        elsewhere,
      })
      expect(differing).toEqual([])
      expect(tokens).toHaveLength(PLANS)
      // Of version 2, with events that JSON cannot hold.
      expect(coded).toBeGreaterThan(0)
    })
  },
)

test.each(MODES)('so does the token of a counterexample of the mode %s', async (mode) => {
  const { actors } = TALKING
  const bug = await thrownBy(verifyInterruptions(TALKING.define(), optionsFor(TALKING, mode, 5)))
  // What is found is a bug of this machine, as the kit tells it.
  const { token, difference } = bug as InterruptionBugError<Step>
  const first = await trace(TALKING.define(), token, { actors })
  expect(first).toContain(`: ${difference}`)
  expect(await trace(TALKING.define(), token, { actors })).toBe(first)
  expect(await elsewhere.trace(TALKING, token)).toBe(first)
})
