// @long: each life of some hundred is a process.
import { readdirSync } from 'node:fs'
import type { InterruptionBugError, Step } from 'tardigrade/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../kit/folder.js'
import { thrownBy } from '../machines.js'
import { beforeProcesses, kit, LIMIT_MS, module, sound } from './kit.js'

const line = { module, export: 'line' }

beforeProcesses()

test('what a module keeps is found by processes of its own, and by no other', {
  timeout: LIMIT_MS,
}, async () => {
  const { verifyInterruptions, replay, InterruptionBugError } = await kit()
  await verifyInterruptions(line, { seed: 1 })
  const bug = await thrownBy(
    verifyInterruptions(line, { isolate: 'process', kinds: ['kill'], seed: 1, runs: 30, mostSteps: 6 }),
  )
  expect(bug).toBeInstanceOf(InterruptionBugError)
  const { steps, difference, token, diagram } = bug as InterruptionBugError<Step>
  expect(steps.map((step) => ('event' in step ? step.event.type : step.do))).toEqual(['OPEN', 'kill', 'SEND'])
  expect(difference).toBe('machine.context.sent is 0, and 1 without the interruption')
  expect(diagram).toContain('service->>store: commit 2: written')
  expect(await thrownBy(replay(line, token, { isolate: 'process' }))).toMatchObject({ difference })
  await replay(line, token)
})

test('a sound service is the same in any number of processes', { timeout: LIMIT_MS }, async () => {
  const { verifyInterruptions } = await kit()
  const folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const kinds = ['kill', 'crash', 'stop'] as const
  const report = await verifyInterruptions(sound, {
    isolate: 'process',
    kinds,
    seed: 3,
    runs: 8,
    mostSteps: 3,
  })
  expect(report.runs).toBe(8)
  expect(`${report}`).toMatch(
    /Each life had a process of its own. That is little: 8 plans, which tried \d+ of \d+ cells\./,
  )
  expect(Object.keys(report.kinds).sort()).toEqual(['crash', 'kill', 'stop'])
  expect(readdirSync(folder)).toEqual([])
})

test('the ten plans of the default find a counter of a module', { timeout: LIMIT_MS }, async () => {
  const { verifyInterruptions, InterruptionBugError } = await kit()
  const bug = await thrownBy(
    verifyInterruptions({ module, export: 'counted' }, { isolate: 'process', seed: 1 }),
  )
  expect(bug).toBeInstanceOf(InterruptionBugError)
  expect((bug as InterruptionBugError<Step>).difference).toContain('machine.context.n is 1, and 2')
})

test('a process dies where it is to: in the middle of an effect', { timeout: LIMIT_MS }, async () => {
  const { verifyInterruptions } = await kit()
  const options = {
    isolate: 'process',
    kinds: ['crash'],
    effects: { tell: 'atMostOnce' },
    seed: 3,
    runs: 20,
    mostSteps: 2,
  } as const
  const { steps, difference } = (await thrownBy(
    verifyInterruptions(sound, options),
  )) as InterruptionBugError<Step>
  expect(difference).toContain('“tell on ADD” was done more often')
  expect(steps.at(-1)).toMatchObject({ do: 'crash', at: expect.stringMatching(/^(during|after)-effect$/) })
})
