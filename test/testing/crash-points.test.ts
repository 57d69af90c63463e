import { defineService } from 'tardigrade'
import { InterruptionBugError, replay, type Step, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { connection, family, flat, regions } from '../interruption/machines.js'
import { canary, gate, thrownBy } from './machines.js'

const KNOCK = { type: 'KNOCK' } as const

describe('the mode of crash points', () => {
  test('cuts at every commit in four ways and at every effect in three', async () => {
    const none = await verifyInterruptions(gate, {
      mode: 'crashPoints',
      sequences: [[{ do: 'advance', ms: 1 }]],
    })
    // The first checkpoint.
    expect(none.figures.crashPoints).toEqual({ commits: 4, effects: 0 })
    const one = await verifyInterruptions(gate, { mode: 'crashPoints', sequences: [[KNOCK]] })
    expect(one.figures.crashPoints).toEqual({ commits: 8, effects: 0 })
    const opened = await verifyInterruptions(gate, {
      mode: 'crashPoints',
      sequences: [[KNOCK, KNOCK, KNOCK, { do: 'advance', ms: 60_000 }]],
    })
    // The effect that is done is noted with a commit of its own.
    expect(opened.figures.crashPoints).toEqual({ commits: 4 * 6, effects: 3 })
    expect(opened.kinds).toEqual({ crash: 2 * 6 + 3, storeTears: 6, storeFull: 6 })
    expect(opened.runs).toBe(4 * 6 + 3)
  })

  test.each(Object.entries({ flat, regions, family, connection }))(
    'finds nothing in a sound machine: %s',
    async (_, make) => {
      // A connection takes no E.
      const types = make === connection ? ['A', 'B', 'D', 'C', 'A'] : ['A', 'B', 'D', 'C', 'E', 'A']
      const events = types.map((type) => ({ type }))
      const { figures } = await verifyInterruptions(make([]) as AnyStateMachine, {
        mode: 'crashPoints',
        sequences: [[...events, { do: 'advance', ms: 100 }]],
        actors: make === connection ? { socket: { sends: [] } } : {},
      })
      expect(figures.crashPoints?.commits).toBeGreaterThanOrEqual(4 * 8)
    },
  )

  test.each(['remaining', 'restart'] as const)(
    'tries timers of policy %s as those of `deadline`, and says so',
    async (timers) => {
      const waits = defineService({ id: 'gate', version: 1, machine: gate, timers })
      const options = {
        mode: 'crashPoints',
        sequences: [[KNOCK, KNOCK, { do: 'advance', ms: 500 }, KNOCK, { do: 'advance', ms: 60_000 }]],
      } as const
      const report = await verifyInterruptions(waits, options)
      expect(report.figures).toMatchObject({ timersAsDeadlines: true, crashPoints: { commits: 4 * 6 } })
      expect(`${report}`).toContain('Its timers were tried as those of policy `deadline`')
      const usual = await verifyInterruptions(gate, options)
      expect(usual.figures.timersAsDeadlines).toBe(false)
      expect(`${usual}`).not.toContain('policy')
    },
  )

  test('names the point of what it finds, and its token replays it', async () => {
    const sequences = [[{ type: 'ADD' }, { type: 'ADD' }, { type: 'ADD' }]] as const
    const bug = await thrownBy(verifyInterruptions(canary(), { mode: 'crashPoints', sequences }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
    const { message, token, difference } = bug as InterruptionBugError<Step>
    expect(message).toMatch(/With that: (kill -9 (before|after) commit \d|of commit \d half is written)/)
    expect(await thrownBy(replay(canary(), token))).toMatchObject({ token, difference })
  })
})
