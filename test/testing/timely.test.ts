import { InterruptionBugError, type Step, verifyInterruptions } from 'tardigrade/testing'
import { beforeEach, expect, test, vi } from 'vitest'
import { type AnyActorRef, assign, setup } from 'xstate'
import { thrownBy } from './machines.js'

const asked = vi.hoisted(() => ({
  plans: [] as (readonly object[])[],
  thrown: undefined as Error | undefined,
}))

vi.mock('../../src/testing/plans/timely.js', () => ({
  checkTimely: async (_: unknown, __: unknown, { steps }: { readonly steps: readonly object[] }) => {
    asked.plans.push(steps)
    if (asked.thrown !== undefined) throw asked.thrown
  },
}))

/** Counts by the actor that each life is. */
const counts = new WeakMap<AnyActorRef, number>()
const canary = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'ADD' } },
}).createMachine({
  id: 'canary',
  context: { n: 0 },
  on: {
    ADD: {
      actions: assign(({ self }) => {
        counts.set(self, (counts.get(self) ?? 0) + 1)
        return { n: counts.get(self) ?? 0 }
      }),
    },
  },
})

const verified = () => thrownBy(verifyInterruptions(canary, { kinds: ['kill'], seed: 1 }))

beforeEach(() => {
  asked.plans = []
  asked.thrown = undefined
})

test('no interruption is accused before its plan was run without any, as it was found and as it is told', async () => {
  const bug = (await verified()) as InterruptionBugError<Step>
  expect(bug).toBeInstanceOf(InterruptionBugError)
  const [found, shortest, ...others] = asked.plans
  expect(others).toEqual([])
  expect(shortest).toEqual(bug.steps)
  expect(found?.length).toBeGreaterThan(bug.steps.length)
})

test('what differs without them too is what a verification tells', async () => {
  asked.thrown = new Error('it differs without them')
  expect(await verified()).toBe(asked.thrown)
})
