import { type InterruptionBugError, type Step, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { shrink } from '../../src/testing/plans/shrink.js'
import { canary, thrownBy } from './machines.js'

const advance = (ms: number): Step => ({ do: 'advance', ms })
const kill: Step = { do: 'kill' }

/** Shows something where so much time passes after a kill. */
const late = (afterMs: number) => async (steps: readonly Step[]) => {
  const killed = steps.findIndex((step) => step.do === 'kill')
  if (killed < 0) return undefined
  const after = steps.slice(killed)
  const passed = after.reduce((ms, step) => ms + ('ms' in step ? step.ms : 0), 0)
  return passed >= afterMs ? steps : undefined
}

describe('a plan that is made smaller', () => {
  test('has the shortest time that shows something, to the millisecond', async () => {
    expect(await shrink([advance(40), kill, advance(62)], late(30))).toEqual([kill, advance(30)])
    expect(await shrink([kill, advance(1_000_003)], late(30))).toEqual([kill, advance(30)])
  })

  test('waits once, where it waited twice', async () => {
    expect(await shrink([kill, advance(20), { do: 'pause' }, advance(20)], late(30))).toEqual([
      kill,
      advance(30),
    ])
  })

  test.each(['stop', 'clockBack'] as const)('has no kind that was not asked for: %s', async (kind) => {
    const stopped = (await thrownBy(
      verifyInterruptions(canary(), { kinds: [kind], seed: 3 }),
    )) as InterruptionBugError<Step>
    expect(stopped.steps.map(({ do: one }) => one)).toEqual(['send', kind, 'send'])
  })

  test('and has the plainer of those that were', async () => {
    const killed = (await thrownBy(
      verifyInterruptions(canary(), { kinds: ['stop', 'kill'], seed: 3 }),
    )) as InterruptionBugError<Step>
    expect(killed.steps.map(({ do: one }) => one)).toEqual(['send', 'kill', 'send'])
  })
})
