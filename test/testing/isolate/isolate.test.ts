import { type Step, UnverifiableError } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { tokenOf } from '../../../src/testing/plans/token.js'
import { thrownBy } from '../machines.js'
import { beforeProcesses, kit, LIMIT_MS, module, sound } from './kit.js'

beforeProcesses()

test('a state that no checkpoint can keep is told as that by a process of its own, too', {
  timeout: LIMIT_MS,
}, async () => {
  const { verifyInterruptions, BrokenCaptureError } = await kit()
  const broken = await thrownBy(
    verifyInterruptions({ module, export: 'holding' }, { isolate: 'process', kinds: ['kill'], seed: 1 }),
  )
  expect(broken).toBeInstanceOf(BrokenCaptureError)
  expect((broken as Error).message).toMatch(/context\.held: .*\nToken: \S+\n\S/)
})

test('what is not the same again in processes of its own is not sent there', {
  timeout: LIMIT_MS,
}, async () => {
  const { verifyInterruptions, FlakyMachineError } = await kit()
  const options = { isolate: 'process', seed: 1, runs: 2, mostSteps: 4 } as const
  const flaky = await thrownBy(verifyInterruptions({ module, export: 'dicing' }, options))
  expect(flaky).toBeInstanceOf(FlakyMachineError)
  expect((flaky as Error).message).not.toContain('isolate')
  expect((flaky as Error).message).toContain('Each life had a process of its own')
})

test('timers that begin again with every life do so in its twin’s process', {
  timeout: LIMIT_MS,
}, async () => {
  const { trace } = await kit()
  const steps: Step[] = [{ do: 'advance', ms: 30 }, { do: 'kill' }, { do: 'advance', ms: 30 }]
  const told = await trace({ module, export: 'renewing' }, tokenOf('sound', { steps }), {
    isolate: 'process',
  })
  expect(told).toContain('With them: no difference')
  // Begun again at the kill, 30 ms after the beginning.
  expect(told).toContain('"dueAtMs":1893456000070')
})

test('and at what falls due', { timeout: LIMIT_MS }, async () => {
  const { trace } = await kit()
  const token = tokenOf('timed', { steps: [{ do: 'crash', at: 'during-effect', ms: 40 }] })
  const effects = { tell: 'atMostOnce' } as const
  const told = await trace({ module, export: 'timed' }, token, { isolate: 'process', effects })
  expect(told).toContain('tell on xstate.after.40.timed.off, again under its key')
  expect(told).toContain('“tell on xstate.after.40.timed.off” was done more often')
})

test('what never ends there is told with what led there, and its process is ended', {
  timeout: LIMIT_MS,
}, async () => {
  const { verifyInterruptions } = await kit()
  const options = { isolate: 'process', seed: 1, actors: { ask: { resolves: 1 } }, events: [{ type: 'GO' }] }
  for (const [name, says] of [
    [
      'endless',
      'each other “AGAIN” without end, beyond 10000 events, after the event {"type":"GO"}, in the state a',
    ],
    ['restless', 'each other “xstate.done.actor.0.restless.a” without end'],
  ] as const) {
    const { actors, ...rest } = options
    const given = name === 'restless' ? options : rest
    const thrown = await thrownBy(verifyInterruptions({ module, export: name }, given as never))
    expect((thrown as Error).name).toBe(UnverifiableError.name)
    expect((thrown as Error).message).toContain(says)
  }
})

test('it must come from a module, whose functions stay there, and kinds must be real', async () => {
  const { verifyInterruptions } = await kit()
  const isolate = 'process'
  const { sound: machine } = await import('./fixture.mjs' as string)
  const refusals = [
    [
      machine,
      {},
      /^The service cannot be verified: .*Say where it is exported: verifyInterruptions\({ module: /,
    ],
    [sound, { invariants: { some: () => true } }, /^The option `invariants`/],
    [sound, { kinds: ['storeTears'] }, /^The interruption `storeTears`.*Choose of: kill, /],
    [sound, { mode: 'crashPoints', sequences: [[{ do: 'advance', ms: 1 }]] }, /^The mode crashPoints/],
  ] as const
  for (const [verified, options, message] of refusals) {
    const refused = await thrownBy(verifyInterruptions(verified, { isolate, ...options } as never))
    expect((refused as Error).name).toBe(UnverifiableError.name)
    expect((refused as Error).message).toMatch(message)
  }
})
