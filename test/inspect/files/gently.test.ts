import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FOLDER } from '../../../src/inspect/files/file-name.js'
import { Recordings } from '../../../src/inspect/files/recordings.js'
import { HIDE_NOTHING } from '../../../src/inspect/redact.js'
import { Journal } from '../../../src/inspect/stream/journal.js'
import { ManualClock, settle } from '../../kit/clock.js'

const ENTRIES = 20_000

/** A recording of some megabytes. */
function recorded(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gently-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, FOLDER))
  const lines = [
    { type: 'incarnation', incarnation: '000000001-00000000', pid: 1, startedAtMs: 1 },
  ] as object[]
  for (let sequence = 1; sequence <= ENTRIES; sequence++)
    lines.push({ sequence, atMs: 1, key: 'k', kind: 'hold', change: 'set', hold: 'user', by: 'program' })
  appendFileSync(
    join(folder, FOLDER, '000000001-00000000-000001.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  )
  return folder
}

const entriesIn = (journal: Journal) =>
  journal.chapters.flatMap(({ segments }) => segments).reduce((sum, { entries }) => sum + entries.count, 0)

test('much that was recorded is read in stretches, between which the platform has its turn, and no further once that is over', async () => {
  const folder = recorded()
  const read = async (turns: number) => {
    const journal = new Journal(64_000_000)
    const clock = new ManualClock()
    clock.holdYielding()
    let isOver = false
    let isRead = false
    const reading = new Recordings(folder, journal, HIDE_NOTHING)
      .readGently(clock, () => isOver)
      .then(() => {
        isRead = true
      })
    let taken = 0
    for (; taken < turns && !isRead; taken++) {
      clock.letYielding()
      await settle()
    }
    isOver = true
    clock.letYielding()
    await reading
    journal.settle()
    return { taken, entries: entriesIn(journal) }
  }
  const whole = await read(1000)
  expect(whole.entries).toBe(ENTRIES)
  expect(whole.taken).toBeGreaterThan(5)
  const cut = await read(2)
  expect(cut.entries).toBeGreaterThan(0)
  expect(cut.entries).toBeLessThan(ENTRIES)
})
