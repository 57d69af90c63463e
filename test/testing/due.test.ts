import { readFileSync } from 'node:fs'
import { defineService, task } from 'tardigrade'
import {
  type Drivers,
  type EffectOracles,
  InterruptionBugError,
  record,
  replay,
  type Step,
  trace,
  type VerifyReport,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { createMachine, fromPromise, raise, setup } from 'xstate'
import { shrink } from '../../src/testing/plans/shrink.js'
import { DUE_KINDS } from '../../src/testing/plans/steps.js'
import { tokenOf } from '../../src/testing/plans/token.js'
import { gate, thrownBy } from './machines.js'

const mailing = setup({
  actors: { ask: fromPromise(async () => 'never called'), work: task(async () => 'never called') },
  actions: { mail: () => {} },
})

/** What brings a mail about 50 ms after it was waited for, and no event of anybody’s. */
const ways = {
  'an `after`': { after: { 50: { target: 'sent', actions: 'mail' } } },
  'a delayed event': {
    entry: raise({ type: 'LATER' }, { delay: 50 }),
    on: { LATER: { target: 'sent', actions: 'mail' as const } },
  },
  'the onDone of a promise': { invoke: { src: 'ask', onDone: { target: 'sent', actions: 'mail' } } },
  'the onDone of a task': { invoke: { src: 'work', onDone: { target: 'sent', actions: 'mail' } } },
} as const

const mailer = (name: keyof typeof ways) =>
  mailing.createMachine({
    id: 'mailer',
    initial: 'waiting',
    states: { waiting: ways[name], sent: { on: { GO: 'waiting' } } },
  })

const actors: Drivers = {
  ask: { resolves: 'an answer', afterMs: 50 },
  work: { resolves: 'done', afterMs: 50 },
}
const options = {
  actors,
  effects: { mail: 'atMostOnce' } as EffectOracles,
  events: [{ type: 'GO' }],
}

describe.each(Object.keys(ways) as (keyof typeof ways)[])('an effect that %s brings about', (name) => {
  test.each([
    ['random', { seed: 1, runs: 300 }],
    ['exhaustive', { mode: 'exhaustive' as const }],
  ])('may be done twice, and %s says so: %j', async (_, mode) => {
    const bug = await thrownBy(verifyInterruptions(mailer(name), { ...options, ...mode }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
    const { steps, difference, token, message, diagram } = bug as InterruptionBugError<Step>
    expect(difference).toMatch(/^“mail on .*” was done more often than without the interruption/)
    const at = expect.stringMatching(/^(during|after)-effect$/)
    expect(steps).toEqual([{ do: 'crash', at, ms: 50 }])
    expect(message).toMatch(
      /1\. 50 ms pass, kill -9 (during|after) the effect of what falls due, and a new process/,
    )
    expect(diagram.split('service->>outside: mail on')).toHaveLength(3)
    expect(await thrownBy(replay(mailer(name), token, options))).toMatchObject({ difference })
    expect(await trace(mailer(name), token, options)).toBe(await trace(mailer(name), token, options))
  })
})

/** What is told of these steps, without what the diagram begins with. */
async function told(...steps: Step[]): Promise<readonly string[]> {
  const text = await trace(gate, tokenOf('gate', { steps }))
  expect(text).toContain('With them: no difference')
  return (text.split('\n\n')[0] ?? '').split('\n').map((line) => line.trim())
}

describe('each kind does what it says to what falls due', () => {
  const open = Array.from({ length: 3 }, (): Step => ({ do: 'send', event: { type: 'KNOCK' } }))
  const time = 'outside->>service: 60000 ms pass'

  const due = async (step: Step) => {
    const lines = await told(...open, step)
    return lines.slice(lines.indexOf(time) + 1)
  }

  test('a crash before its commit, and after it', async () => {
    const [begins, dies] = ['Note over service: a process begins', 'Note over service: kill -9']
    expect(await due({ do: 'crash', at: 'before-commit', ms: 60_000 })).toEqual([
      'service->>store: commit 6: not written, and the process dies',
      dies,
      begins,
      'service->>store: commit 7: written',
    ])
    expect(await due({ do: 'crash', at: 'after-commit', ms: 60_000 })).toEqual([
      'service->>store: commit 6: written, and the process dies',
      dies,
      begins,
    ])
  })

  test('a store that refuses its commit, whose disk is full, and which writes half of it', async () => {
    expect(await due({ do: 'storeFails', ms: 60_000 })).toEqual(
      expect.arrayContaining(['service->>store: commit 6: the store refuses it', 'you->>service: retry']),
    )
    expect(await due({ do: 'storeFull', ms: 60_000 })).toEqual(
      expect.arrayContaining(['service->>store: commit 6: the disk is full', 'you->>service: retry']),
    )
    expect(await due({ do: 'storeTears', ms: 60_000 })).toEqual(
      expect.arrayContaining([
        'service->>store: commit 6: half of it is written, and the process dies',
        'you->>service: retry from the last good checkpoint',
      ]),
    )
  })

  test('a slow commit, and a hold meanwhile', async () => {
    const lines = await due({ do: 'storeSlow', ms: 60_000 })
    expect(lines.slice(0, 2)).toEqual(['you->>service: hold', 'service->>store: commit 6: written, slowly'])
    expect(lines).toContain('you->>service: release')
  })

  test('another owner: who had the store is refused as it falls due there', async () => {
    expect(await due({ do: 'secondOwner', ms: 60_000 })).toEqual([
      expect.stringContaining('refused, since another process has the store'),
      'service->>store: commit 7: written',
    ])
  })

  test.each(DUE_KINDS)(
    '%s: nothing, where nothing falls due, and where timers lose what had passed',
    async (kind) => {
      const interrupts = async (verified: Parameters<typeof record>[0], ms: number) => {
        const step = { do: kind, ...(kind === 'crash' && { at: 'before-commit' }), ms } as Step
        const { messages } = await record(verified, tokenOf('gate', { steps: [...open, step] }))
        return messages.flatMap((one) => (one.type === 'counterexample' ? one.steps : [])).at(-1)?.interrupts
      }
      expect(await interrupts(gate, 60_000)).toBe(true)
      expect(await interrupts(gate, 59_999)).toBe(false)
      for (const timers of ['remaining', 'restart'] as const)
        expect(
          await interrupts(defineService({ id: 'gate', version: 1, machine: gate, timers }), 60_000),
        ).toBe(false)
    },
  )
})

describe('the matrix has a cell for each of them', () => {
  const timed = ({ matrix }: VerifyReport) =>
    matrix.cells().filter(({ state, next }) => state === 'open' && next === 'time')

  test.each([{ mode: 'exhaustive' as const }, { runs: 400, seed: 1 }])('%j: none is empty', async (mode) => {
    const kinds = ['pauseAndSend' as const, ...DUE_KINDS]
    const cells = timed(await verifyInterruptions(gate, { kinds, ...mode }))
    expect(cells.map(({ kind }) => kind)).toEqual([...DUE_KINDS])
    expect(cells.filter(({ count }) => count === 0).map(({ kind }) => kind)).toEqual([])
  })

  test('which says that it cannot be where timers lose what had passed', async () => {
    const service = defineService({ id: 'gate', version: 1, machine: gate, timers: 'remaining' })
    const report = await verifyInterruptions(service, { mode: 'exhaustive' })
    expect(report.matrix.empty()).toEqual([])
    expect(timed(report).flatMap(({ kind, cannot }) => (cannot ? [kind] : []))).toEqual([...DUE_KINDS])
  })

  test('a machine that is sent nothing is interrupted as it goes on', async () => {
    const alone = createMachine({ id: 'alone', initial: 'a', states: { a: { after: { 10: 'b' } }, b: {} } })
    const { kinds } = await verifyInterruptions(alone, { seed: 1, kinds: DUE_KINDS })
    expect(Object.keys(kinds).sort()).toEqual([...DUE_KINDS].sort())
  })
})

describe('what interrupts what falls due is made plainer', () => {
  const kill: Step = { do: 'kill' }
  const fails: Step = { do: 'storeFails', ms: 20 }

  test('time passes, and nothing else, where that shows the same', async () => {
    const killed = async (steps: readonly Step[]) =>
      steps.includes(kill) && steps.length > 1 ? steps : undefined
    expect(await shrink([kill, fails], killed)).toEqual([kill, { do: 'advance', ms: 1 }])
  })

  test('a wait before it is part of its own', async () => {
    const after = (ms: number) => async (steps: readonly Step[]) => {
      const passed = steps.reduce((all, step) => all + ('ms' in step ? step.ms : 0), 0)
      return steps.some((step) => step.do === 'storeFails') && passed >= ms ? steps : undefined
    }
    expect(await shrink([{ do: 'advance', ms: 40 }, fails], after(50))).toEqual([
      { do: 'storeFails', ms: 50 },
    ])
  })
})

// What the library tells otherwise is changed in that file with it; steps in words and what comes of them are what they were.
test('a token of before is run as it was, byte for byte', async () => {
  const old = readFileSync(new URL('old-token.txt', import.meta.url), 'utf8')
  const end = old.indexOf('\n')
  expect(await trace(gate, old.slice(0, end))).toBe(old.slice(end + 1))
})
