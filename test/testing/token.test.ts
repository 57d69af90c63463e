import { defineService } from 'tardigrade'
import {
  ForeignTokenError,
  InterruptionBugError,
  record,
  replay,
  type Step,
  trace,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { planOf, tokenOf } from '../../src/testing/plans/token.js'
import { temporaryFolder } from '../kit/folder.js'
import { gate, thrownBy } from './machines.js'

class Money {
  constructor(readonly cents: bigint) {}
}

/** Counts beside its context what an event says; without its data it would count nothing. */
const counting = (says: (data: unknown) => boolean) => {
  const counts = new WeakMap<object, number>()
  return defineService({
    id: 'counting',
    version: 1,
    classes: { Money },
    machine: setup({
      types: { context: {} as { n: number }, events: {} as { type: 'GO'; data: unknown } },
    }).createMachine({
      id: 'counting',
      context: { n: 0 },
      on: {
        GO: {
          actions: assign(({ event, self }) => {
            if (!says(event.data)) return {}
            counts.set(self, (counts.get(self) ?? 0) + 1)
            return { n: counts.get(self) ?? 0 }
          }),
        },
      },
    }),
  })
}

type Bug = InterruptionBugError<Step>

describe('an event of what JSON does not have is found, told, replayed and kept like any other', () => {
  test.each<[string, unknown, (data: unknown) => boolean, string]>([
    ['a Date', new Date(5), (data) => data instanceof Date && data.getTime() === 5, 'Date 5'],
    ['a Map', new Map([[1, 2]]), (data) => data instanceof Map && data.get(1) === 2, '["Map",[1,2]]'],
    ['a Set', new Set([1]), (data) => data instanceof Set && data.has(1), '["Set",1]'],
    ['a BigInt', 5n, (data) => data === 5n, '5n'],
    ['NaN', Number.NaN, (data) => Number.isNaN(data), 'NaN'],
    ['bytes', Uint8Array.of(7), (data) => data instanceof Uint8Array && data[0] === 7, '7'],
    ['an object of a class', new Money(3n), (data) => data instanceof Money && data.cents === 3n, 'Money'],
  ])('%s', async (_, data, says, told) => {
    const corpus = temporaryFolder()
    const service = counting(says)
    const events = [{ type: 'GO' as const, data }]
    const bug = (await thrownBy(
      verifyInterruptions(service, { events, kinds: ['kill'], seed: 1, corpus }),
    )) as Bug
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect(bug.token).toMatch(/^tardigrade-plan-2\./)
    expect(bug.message).toContain(told)
    const again = (await thrownBy(replay(service, bug.token))) as Bug
    expect(again.difference).toBe(bug.difference)
    expect(again.token).toBe(bug.token)
    expect(await trace(service, bug.token)).toContain(bug.difference)
    expect(JSON.stringify(await record(service, bug.token))).toContain(bug.token)
    // Found at once: no other plan is run.
    let plans = 0
    const kept = await thrownBy(verifyInterruptions(service, { corpus, seed: 2, onPlan: () => plans++ }))
    expect((kept as Bug).token).toBe(bug.token)
    expect(plans).toBe(1)
  })

  test('two of them that JSON would not tell apart are two to the twin', async () => {
    const keeping = setup({
      types: { context: {} as { last: unknown }, events: {} as { type: 'GO'; data: Map<number, number> } },
    }).createMachine({
      id: 'keeping',
      context: { last: undefined },
      on: { GO: { actions: assign({ last: ({ event }) => event.data.get(1) }) } },
    })
    const events = [new Map([[1, 1]]), new Map([[2, 1]])].map((data) => ({ type: 'GO' as const, data }))
    const { figures } = await verifyInterruptions(keeping, { events, mode: 'exhaustive', kinds: ['pause'] })
    expect(figures.states).toBe(2)
  })
})

test('a token of plain data is what it was, and is read', () => {
  const again = { type: 'GO' }
  const steps: Step[] = [{ do: 'send', event: again }, { do: 'kill' }, { do: 'send', event: again }]
  const old = `tardigrade-plan-1.${Buffer.from(JSON.stringify({ service: 's', steps })).toString('base64url')}`
  expect(tokenOf('s', { steps })).toBe(old)
  expect(planOf('s', old).steps).toEqual(steps)
})

test('a plan of which an event cannot be written is told all the same, and its token says why it holds none', async () => {
  const steps = [{ do: 'send', event: { type: 'GO', call: () => 1 } }] as unknown as Step[]
  const token = tokenOf('gate', { steps })
  const refused = await thrownBy(replay(gate, token))
  expect(refused).toBeInstanceOf(ForeignTokenError)
  expect((refused as Error).message).toMatch(
    /cannot be written: steps\.0\.event\.call: it is a function\. .*`classes`/,
  )
})

describe('a token that holds no plan is refused', () => {
  const packed = (plan: unknown, version = 1) =>
    `tardigrade-plan-${version}.${Buffer.from(JSON.stringify(plan)).toString('base64url')}`
  test.each([
    [undefined, /is no token of a plan/],
    [packed({ service: 'gate', steps: [] }, 3), /version 3, and this code reads versions 1 and 2/],
    [packed({ json: { service: 'gate', steps: [] }, other: 1 }, 2), /is damaged/],
    [packed({ service: 'other', steps: [] }), /is of the service “other”/],
    [packed({ service: 'gate' }), /has no steps/],
    [packed({ steps: [] }), /has no steps/],
    [packed(null), /has no steps/],
    [
      packed({ service: 'gate', steps: [{ do: 'fly' }] }),
      /of its step 1, “do” is "fly", and none of send, .*kill/,
    ],
    [
      packed({ service: 'gate', steps: [{ do: 'kill' }, { do: 'send' }] }),
      /step 2, “event” .*an object with a type/,
    ],
    [packed({ service: 'gate', steps: [{ do: 'advance', ms: -1 }] }), /“ms” .*0 or more/],
    [packed({ service: 'gate', steps: [{ do: 'crash', event: { type: 'A' } }] }), /“at” .*before-commit/],
    [packed({ service: 'gate', steps: [{ do: 'crash', ms: 5 }] }), /“at” .*before-commit/],
    [packed({ service: 'gate', steps: [{ do: 'storeFails', ms: -1 }] }), /“ms” .*0 or more/],
    [
      packed({ service: 'gate', steps: [{ do: 'pauseAndSend', ms: 5 }] }),
      /“ms” is no part of a step “pauseAndSend”/,
    ],
    [
      packed({ service: 'gate', steps: [{ do: 'storeFails', ms: 5, event: { type: 'A' } }] }),
      /“ms” is no part of a step “storeFails”/,
    ],
    [packed({ service: 'gate', steps: [], point: { commit: 1, fate: 'x' } }), /its moment is none/],
    [
      packed({ service: 'gate', steps: [], point: { effect: 0, fate: 'death-before' } }),
      /its moment is none/,
    ],
  ])('%s', async (token, message) => {
    // Whoever pastes one has no type that tells.
    const refused = await thrownBy(replay(gate, token as string))
    expect(refused).toBeInstanceOf(ForeignTokenError)
    expect((refused as Error).message).toMatch(message)
  })

  test('so is one that upgrades, where no earlier version is given', async () => {
    const refused = await thrownBy(replay(gate, tokenOf('gate', { steps: [{ do: 'upgrade' }] })))
    expect((refused as Error).message).toContain('earlier: defineService(')
  })
})
