import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import {
  ForeignTokenError,
  InterruptionBugError,
  type Step,
  UnusableCorpusError,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test, vi } from 'vitest'
import { setup } from 'xstate'
import { tokenOf } from '../../src/testing/plans/token.js'
import { temporaryFolder } from '../kit/folder.js'
import { canary, thrownBy } from './machines.js'

type Bug = InterruptionBugError<Step>

const soundCanary = setup({ types: { events: {} as { type: 'ADD' } } }).createMachine({
  id: 'canary',
  on: { ADD: {} },
})

describe('a counterexample', () => {
  test.each(['clockBack' as const, 'stop' as const])(
    'has the plainest interruption that shows the same: %s',
    async (kind) => {
      const bug = (await thrownBy(
        verifyInterruptions(canary(), { kinds: [kind, 'kill'], seed: 3, runs: 400 }),
      )) as Bug
      expect(bug.steps.map(({ do: one }) => one)).toEqual(['send', 'kill', 'send'])
    },
  )

  test('is told in numbered steps, with what differed, a diagram and a token', async () => {
    const bug = (await thrownBy(verifyInterruptions(canary(), { kinds: ['kill'], seed: 3 }))) as Bug
    expect(bug).toBeInstanceOf(InterruptionBugError)
    // Shorter it cannot be: something is counted, forgotten, and counted again.
    expect(bug.steps.map(({ do: kind }) => kind)).toEqual(['send', 'kill', 'send'])
    expect(bug.message).toContain('  2. kill -9, and a new process\n')
    expect(bug.message).toContain('machine.context.n is 1, and 2 without the interruption')
    expect(bug.diagram.split('\n')).toEqual([
      'sequenceDiagram',
      '  participant you as you',
      '  participant service as canary',
      '  participant store as store',
      '  participant outside as outside',
      '  Note over service: a process begins',
      '  service->>store: commit 1: written',
      '  Note over you,outside: 1. send {"type":"ADD"}',
      '  you->>service: {"type":"ADD"}',
      '  service->>store: commit 2: written',
      '  Note over you,outside: 2. kill -9, and a new process',
      '  Note over service: kill -9',
      '  Note over service: a process begins',
      '  Note over you,outside: 3. send {"type":"ADD"}',
      '  you->>service: {"type":"ADD"}',
      '  service->>store: commit 3: written',
      '  Note over service: machine.context.n is 1, and 2 without the interruption',
    ])
    expect(bug.message).toContain(bug.diagram)
  })

  test('its data are shrunk by fast-check, its steps by the kit', async () => {
    const counts = canary().provide({})
    const events = [fc.record({ type: fc.constant('ADD' as const), by: fc.integer({ min: 0, max: 1000 }) })]
    const bug = (await thrownBy(verifyInterruptions(counts, { events, seed: 5 }))) as Bug
    expect(bug.steps.length).toBeLessThanOrEqual(3)
    expect(bug.message).toContain('{"type":"ADD","by":0}')
  })

  test('is kept in a corpus, whose plans are run first', async () => {
    const corpus = temporaryFolder()
    const first = (await thrownBy(
      verifyInterruptions(canary(), { corpus: join(corpus, 'deep'), seed: 1 }),
    )) as Bug
    const [name, ...others] = readdirSync(join(corpus, 'deep'))
    expect(others).toEqual([])
    expect(name).toMatch(/^canary-[0-9a-f]{8}\.txt$/)
    expect(readFileSync(join(corpus, 'deep', name ?? ''), 'utf8')).toBe(`${first.message}\n`)
    // No plan by chance would find it by holds alone.
    const again = (await thrownBy(
      verifyInterruptions(canary(), { corpus: join(corpus, 'deep'), kinds: ['pause'], runs: 1 }),
    )) as Bug
    expect(again.token).toBe(first.token)
    const sound = await verifyInterruptions(soundCanary, { corpus: join(corpus, 'deep'), runs: 10 })
    expect(sound.figures.fromCorpus).toBe(1)
    expect(sound.runs).toBe(11)
  })

  test('is told all the same where its corpus cannot keep it, with a sentence that says so', async () => {
    const corpus = join(temporaryFolder(), 'deep')
    const onPlan = () => writeFileSync(corpus, 'no folder any more')
    const bug = (await thrownBy(verifyInterruptions(canary(), { corpus, seed: 1, onPlan }))) as Bug
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect(bug.stack).toMatch(/\nReplay it with .*\n {4}at /)
    expect(bug.message).toContain(`Token: ${bug.token}`)
    expect(bug.message).toMatch(
      /\nIt was not kept\. The corpus .*deep cannot be written: .*EEXIST.*\nReplay it with .*\.$/,
    )
  })

  test.each([
    ['a file', '', (at: string) => writeFileSync(at, ''), /deep cannot be written: .*ENOTDIR/],
    ['under a file', 'x', (at: string) => writeFileSync(at, ''), /x cannot be written: .*ENOTDIR/],
    [
      'a folder that has one for a file',
      '',
      (at: string) => mkdirSync(join(at, 'x.txt'), { recursive: true }),
      /x\.txt cannot be read: .*EISDIR/,
    ],
  ])('is not looked for where its corpus is %s', async (_, under, make, says) => {
    const at = join(temporaryFolder(), 'deep')
    make(at)
    const corpus = join(at, under)
    const onPlan = vi.fn()
    const refused = await thrownBy(verifyInterruptions(canary(), { corpus, onPlan }))
    expect(refused).toBeInstanceOf(UnusableCorpusError)
    expect((refused as Error).message).toMatch(says)
    expect((refused as Error).message).toContain('Give `corpus` (`--corpus`) a folder')
    expect(onPlan).not.toHaveBeenCalled()
  })

  test('leaves no trace of the trial whether its corpus can be written', async () => {
    const folder = temporaryFolder()
    await verifyInterruptions(soundCanary, { corpus: join(folder, 'a', 'b'), runs: 2 })
    expect(readdirSync(folder)).toEqual([])
  })

  test('counts in a corpus whatever its file is called, once; files of other services are left alone', async () => {
    const corpus = temporaryFolder()
    const { token } = (await thrownBy(verifyInterruptions(canary(), { corpus, seed: 1 }))) as Bug
    const fromCorpus = async () =>
      (await verifyInterruptions(soundCanary, { corpus, runs: 1 })).figures.fromCorpus
    writeFileSync(join(corpus, 'README.md'), 'nothing')
    writeFileSync(join(corpus, 'other.txt'), tokenOf('other', { steps: [{ do: 'kill' }] }))
    writeFileSync(join(corpus, 'notes.txt'), `somebody’s notes on ${token}`)
    expect(await fromCorpus()).toBe(1)
    const [kept = ''] = readdirSync(corpus).filter((name) => name.startsWith('canary-'))
    rmSync(join(corpus, kept))
    expect(await fromCorpus()).toBe(1)
    const another = tokenOf('canary', { steps: [{ do: 'kill' }] })
    writeFileSync(join(corpus, 'notes.txt'), `somebody’s notes on ${token} and ${another}`)
    expect(await fromCorpus()).toBe(2)
  })

  test.each([
    [
      'of version 3, and this code reads versions 1 and 2',
      (token: string) => token.replace('plan-1', 'plan-3'),
    ],
    ['is damaged', (token: string) => token.slice(0, -20)],
    ['is missing', () => 'An interruption changed what canary does.'],
  ])('%s: its file in a corpus is refused by name', async (problem, edited) => {
    const corpus = temporaryFolder()
    const { token } = (await thrownBy(verifyInterruptions(canary(), { corpus, seed: 1 }))) as Bug
    const [kept = ''] = readdirSync(corpus)
    const file = join(corpus, kept)
    writeFileSync(file, edited(token))
    const refused = await thrownBy(verifyInterruptions(soundCanary, { corpus }))
    expect(refused).toBeInstanceOf(ForeignTokenError)
    expect(refused).toMatchObject({ file, remedy: expect.stringContaining('Bring the file back') })
    expect((refused as Error).message).toContain(`The token in ${file} `)
    expect((refused as Error).message).toContain(problem)
  })
})
