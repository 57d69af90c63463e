import { defineService, type ServiceOptions } from 'tardigrade'
import {
  type InterruptionKind,
  type Step,
  trace,
  UnverifiableError,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, createMachine, setup } from 'xstate'
import { INTERRUPTION_KINDS } from '../../src/testing/plans/steps.js'
import { tokenOf } from '../../src/testing/plans/token.js'
import { counter, gate, thrownBy } from './machines.js'

const KNOCK = { type: 'KNOCK' }

/** What is told of these steps, without what the diagram begins with. */
async function told(...steps: Step[]): Promise<readonly string[]> {
  const text = await trace(gate, tokenOf('gate', { steps }))
  expect(text).toContain('With them: no difference')
  return (text.split('\n\n')[0] ?? '')
    .split('\n')
    .slice(5)
    .map((line) => line.trim())
}

describe('each kind does what it says', () => {
  test('a second owner: who had the store is refused, and writes nothing', async () => {
    const lines = await told({ do: 'secondOwner', event: KNOCK })
    const stale = lines.indexOf('you->>service: to the process that had the store:')
    expect(lines.slice(stale + 1)).toEqual([
      'you->>service: {"type":"KNOCK"}',
      expect.stringContaining('commit 2: refused, since another process has the store'),
      'you->>service: to the one that has it:',
      'you->>service: {"type":"KNOCK"}',
      'service->>store: commit 3: written',
    ])
  })

  test('a torn write: the service says that its checkpoint is damaged, and goes on from the one before', async () => {
    const lines = await told({ do: 'send', event: KNOCK }, { do: 'storeTears', event: KNOCK })
    expect(lines).toContain('service->>store: commit 3: half of it is written, and the process dies')
    expect(lines).toContain('you->>service: retry from the last good checkpoint')
    expect(lines.filter((line) => line === 'you->>service: {"type":"KNOCK"}')).toHaveLength(3)
  })

  test('a full disk, and a slow one', async () => {
    expect(await told({ do: 'storeFull', event: KNOCK })).toEqual(
      expect.arrayContaining(['service->>store: commit 2: the disk is full', 'you->>service: retry']),
    )
    const slow = await told({ do: 'storeSlow', event: KNOCK })
    expect(slow.indexOf('you->>service: hold')).toBeLessThan(
      slow.indexOf('service->>store: commit 2: written, slowly'),
    )
  })

  test('a crash before, during and after an effect', async () => {
    const two: Step[] = [KNOCK, KNOCK].map((event) => ({ do: 'send', event }))
    const effects = async (at: 'before-effect' | 'during-effect' | 'after-effect') =>
      (await told(...two, { do: 'crash', at, event: KNOCK })).filter((line) =>
        line.startsWith('service->>outside'),
      )
    const done = 'service->>outside: tell on KNOCK'
    const before = 'service->>outside: the process dies before “tell on KNOCK”'
    expect(await effects('before-effect')).toEqual([before, done])
    expect(await effects('during-effect')).toEqual([done, `${done}, again under its key`])
    // It was done, and nobody had noted it durably.
    expect(await effects('after-effect')).toEqual([done, `${done}, again under its key`])
  })

  test('a clock that stands fires nothing early, and one that is set back nothing at all', async () => {
    const open: Step[] = [KNOCK, KNOCK, KNOCK].map((event) => ({ do: 'send', event }))
    // Its 60 seconds are over for the platform twice, and not once on the wall.
    await told(
      ...open,
      { do: 'clockStands', ms: 130_000 },
      { do: 'advance', ms: 59_999 },
      { do: 'advance', ms: 1 },
    )
    await told(
      ...open,
      { do: 'clockBack', ms: 5000 },
      { do: 'advance', ms: 60_000 },
      { do: 'advance', ms: 5000 },
    )
  })
})

describe('a new version', () => {
  const work = (version: number) => ({
    machine: setup({
      types: { context: {} as { n: number; unit?: string }, events: {} as { type: 'ADD' } },
      actions: { tell: () => {} },
    }).createMachine({
      id: 'work',
      context: version === 1 ? { n: 0 } : { n: 0, unit: 'm' },
      on: { ADD: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'tell'] } },
      ...(version === 1 ? {} : { initial: 'ready', states: { ready: {} } }),
    }),
    id: 'work',
    version,
  })
  const earlier = defineService(work(1))
  const withUnit = (snapshot: unknown) => {
    const { context, ...rest } = snapshot as { context: object }
    return { ...rest, value: 'ready', context: { ...context, unit: 'm' } }
  }

  test('comes while the old one is at work, whatever interrupts', async () => {
    const present = defineService({ ...work(2), migrations: { 1: withUnit as never } })
    const { kinds } = await verifyInterruptions(present, { earlier, runs: 200, seed: 1 })
    expect(kinds.upgrade).toBeGreaterThan(20)
  })

  test('a migration that does not do the same each time is found', async () => {
    let migrated = 0
    const flaky = (snapshot: unknown) => {
      const { context, ...rest } = snapshot as { context: object }
      return { ...rest, value: 'ready', context: { ...context, unit: `m${migrated++}` } }
    }
    const present = defineService({ ...work(2), migrations: { 1: flaky as never } })
    const found = await thrownBy(verifyInterruptions(present, { earlier, runs: 200, seed: 1 }))
    expect((found as Error).name).toBe('FlakyMachineError')
  })

  test('is refused without the earlier definition', async () => {
    const kinds: InterruptionKind[] = ['upgrade']
    const refused = await thrownBy(verifyInterruptions(createMachine({ id: 'm', on: { GO: {} } }), { kinds }))
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect((refused as Error).message).toContain('earlier: defineService(')
  })
})

test('delays of minutes come too: they are read from the machine', async () => {
  const { kinds, matrix } = await verifyInterruptions(gate, { runs: 300, seed: 2 })
  expect(matrix.states).toEqual(['shut', 'open'])
  expect(kinds.clockStands).toBeGreaterThan(0)
  const passed = matrix
    .cells()
    .filter(({ state, next, count }) => state === 'open' && next === 'time' && count > 0)
  expect(passed.length).toBeGreaterThan(0)
})

test.each(['frozen', 'clockStands', 'clockBack'] as const)(
  '%s may be the only one that is tried',
  async (kind) => {
    const { kinds } = await verifyInterruptions(gate, { kinds: [kind], runs: 40, seed: 1 })
    expect(Object.keys(kinds)).toEqual([kind])
  },
)

describe('timers of every policy are compared under every interruption', () => {
  const machine = setup({
    types: { events: {} as { type: 'A' } | { type: 'B' } },
    delays: { long: 5000, short: 60 },
  }).createMachine({
    id: 'tick',
    type: 'parallel',
    states: {
      one: {
        initial: 'on',
        on: { A: '.off' },
        states: { on: { after: { long: 'off' } }, off: { after: { short: 'on' } } },
      },
      other: {
        initial: 'on',
        states: {
          on: { after: { 90: 'off' }, on: { B: { target: 'on', reenter: true } } },
          off: { after: { 4000: 'on' } },
        },
      },
    },
  })
  const policies: readonly ServiceOptions<typeof machine>['timers'][] = [
    'remaining',
    'restart',
    { long: 'remaining', short: 'restart', default: 'deadline' },
  ]

  test.each(policies)('%j', async (timers = 'deadline') => {
    const tick = defineService({ id: 'tick', version: 1, machine, timers })
    const { kinds } = await verifyInterruptions(tick, { seed: 1, runs: 150 })
    const all = INTERRUPTION_KINDS.filter((kind) => kind !== 'upgrade')
    expect(Object.keys(kinds).sort()).toEqual([...all].sort())
    for (const kind of all) await verifyInterruptions(tick, { kinds: [kind], seed: 1, runs: 20 })
    const exhaustive = await verifyInterruptions(tick, { mode: 'exhaustive', depth: 1 })
    expect(Object.keys(exhaustive.kinds).sort()).toEqual([...all].sort())
  })
})

test.each([
  ['an instance of a class of which no checkpoint is told', { type: 'ADD', by: new (class Money {})() }],
  ['an event of XState’s own', { type: 'xstate.done.actor.x' }],
])('%s is refused in every world, and no store that another has taken', async (_, refused) => {
  const events = [{ type: 'ADD' as const }, refused as { type: 'ADD' }]
  const { kinds } = await verifyInterruptions(counter, { events, kinds: ['secondOwner'], seed: 1 })
  expect(kinds.secondOwner).toBeGreaterThan(10)
})
