import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newestCommitsIn } from '../../../src/inspect/files/newest-commits.js'

const FIRST = '00lkz1234-00000000'
const SECOND = '00lkz5678-00000000'

function recorded(files: Readonly<Record<string, readonly object[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-newest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'inspect'))
  for (const [name, lines] of Object.entries(files))
    writeFileSync(
      join(folder, 'inspect', `${name}.jsonl`),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    )
  return folder
}

const commit = (epoch: number, atMs: number, ok = true, checkpoint = atMs, key = 'hall') => ({
  kind: 'commit',
  ok,
  key,
  epoch,
  checkpoint,
  atMs,
})
const long = { kind: 'event', event: { type: 'é', text: `"epoch": ${'é'.repeat(400_000)}` } }

test('it is the last one that came to the store, however much was recorded after it', () => {
  const folder = recorded({
    [`${FIRST}-000001`]: [commit(1, 10), commit(2, 20), long, commit(3, 30, false), long],
  })
  expect(newestCommitsIn(folder)).toEqual([{ key: 'hall', epoch: 2, checkpoint: 20, atMs: 20 }])
})

test('of a file without one, what it begins with tells; of one that tells of none, the file before', () => {
  const base = { type: 'base', key: 'hall', state: { commit: { epoch: 4, checkpoint: 7 } } }
  const files = { [`${FIRST}-000001`]: [commit(3, 10)], [`${FIRST}-000002`]: [base, long] }
  const atMs = Number.parseInt('00lkz1234', 36)
  expect(newestCommitsIn(recorded(files))).toEqual([{ key: 'hall', epoch: 4, checkpoint: 7, atMs }])
  expect(newestCommitsIn(recorded({ ...files, [`${SECOND}-000001`]: [long] }))[0]?.epoch).toBe(4)
})

test('where nothing was recorded, there is none', () => {
  expect(newestCommitsIn(recorded({}))).toEqual([])
  expect(newestCommitsIn(join(tmpdir(), 'tardigrade-newest-none'))).toEqual([])
})

test('what the store held of its service later is told in its place: nothing once that was removed, and a lower one once the newest was set aside', () => {
  const of = (...lines: object[]) =>
    newestCommitsIn(recorded({ [`${FIRST}-000001`]: [commit(1, 9), ...lines, long] }))[0]?.checkpoint
  const [removed, revived] = [
    { kind: 'removed', key: 'hall' },
    { kind: 'revived', key: 'hall' },
  ]
  expect(of(removed)).toBe(0)
  expect(of(removed, commit(1, 2))).toBe(2)
  expect(of({ ...revived, checkpoint: 8 })).toBe(8)
  expect(of({ ...revived, checkpoint: 9 })).toBe(9)
  expect(of({ ...revived, checkpoint: 8 }, removed, { ...revived, checkpoint: 0 })).toBe(0)
  expect(of({ ...removed, key: 'attic' })).toBe(9)
})

test('of each service it is the newest, those of the last owner before those of an earlier one', () => {
  const entry = (told: object, sequence: number) => ({ sequence, atMs: 0, key: 'hall', ...told })
  const folder = recorded({
    [`${FIRST}-000001`]: [commit(1, 5, true, 5, 'cellar')],
    [`${FIRST}-000002`]: [commit(2, 10, true, 1, 'attic'), commit(2, 20, true, 3)],
    [`${SECOND}-000001`]: [commit(2, 30, true, 2, 'attic'), entry(commit(2, 40, true, 4), 2), long],
  })
  expect(newestCommitsIn(folder).map(({ key, checkpoint }) => [key, checkpoint])).toEqual([
    ['hall', 4],
    ['attic', 2],
    ['cellar', 5],
  ])
})
