import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newestCommitIn } from '../../../src/inspect/files/newest-commit.js'

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

const commit = (epoch: number, atMs: number, ok = true) => ({ kind: 'commit', ok, epoch, atMs })
const long = { kind: 'event', event: { type: 'é', text: `"epoch": ${'é'.repeat(400_000)}` } }

test('it is the last one that came to the store, however much was recorded after it', () => {
  const folder = recorded({
    [`${FIRST}-000001`]: [commit(1, 10), commit(2, 20), long, commit(3, 30, false), long],
  })
  expect(newestCommitIn(folder)).toEqual({ epoch: 2, atMs: 20 })
})

test('of a file without one, what it begins with tells; of one that tells of none, the file before', () => {
  const base = { type: 'base', state: { commit: { epoch: 4 } } }
  const files = { [`${FIRST}-000001`]: [commit(3, 10)], [`${FIRST}-000002`]: [base, long] }
  expect(newestCommitIn(recorded(files))).toEqual({ epoch: 4, atMs: Number.parseInt('00lkz1234', 36) })
  expect(newestCommitIn(recorded({ ...files, [`${SECOND}-000001`]: [long] }))?.epoch).toBe(4)
})

test('where nothing was recorded, there is none', () => {
  expect(newestCommitIn(recorded({}))).toBeUndefined()
  expect(newestCommitIn(join(tmpdir(), 'tardigrade-newest-none'))).toBeUndefined()
})
