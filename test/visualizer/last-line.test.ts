import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { callControl } from '../../src/control/call.js'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { fixture, owner } from '../cli/kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { visiting } from './kit/page.js'

const visits = visiting()

const newestRecording = (store: string) =>
  join(
    store,
    'inspect',
    readdirSync(join(store, 'inspect'))
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .at(-1) ?? '',
  )

const isCommit = (line: string) => line.includes('"kind":"commit"')

/** A process that has the store, takes a press, and is killed; `commits`: so many it has recorded until then, none where it does not record. */
async function killedAfterPress(store: string, commits: number): Promise<void> {
  const inspect = commits > 0 ? ['--inspect', '0'] : []
  const process = await owner(store, fixture('lamp.mjs'), '--key', 'hall', ...inspect)
  await process.reaches('running')
  await callControl(store, { type: 'send', key: 'hall', event: { type: 'PRESS' } })
  const recorded = () => readFileSync(newestRecording(store), 'utf8').split('\n').filter(isCommit).length
  if (commits > 0) await expect.poll(recorded, { timeout: 20_000 }).toBe(commits)
  process.kill('SIGKILL')
  await process.exit
}

/** As if its process had been killed right before it would have written the newest line of a commit. */
function loseLastLine(store: string): void {
  const file = newestRecording(store)
  const lines = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, `${lines.slice(0, lines.findLastIndex(isCommit)).join('\n')}\n`)
}

async function opened(store: string) {
  const server = await inspectBeside({ folder: store, store: sqliteStore(store), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=hall`)
  const testOf = async () => {
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    return readFileSync(await (await saved).path(), 'utf8')
  }
  return { page, testOf }
}

test('where a process that records was killed before it had recorded its last commit, that is said, and nobody is asked to write what stands there', async () => {
  const store = temporaryFolder()
  await killedAfterPress(store, 2)
  loseLastLine(store)
  const first = await opened(store)
  const note = first.page.getByRole('note').filter({ hasText: 'This is checkpoint 2' })
  await note
    .getByText(
      'Its process ended before it had recorded this commit: what led here are its last moments, as far as they were recorded.',
    )
    .waitFor()
  expect(await note.getByText('inspect: true').count()).toBe(0)
  const text = await first.testOf()
  expect(text).toContain('// - checkpoint 2 was committed as its process ended, before that was recorded\n')
  expect(text).toMatch(
    / {8}\{"type":"PRESS"\},\n {8}\/\/ Checkpoint 2 was committed as its process ended, before that was recorded:\n {8}\/\/ what led there stands above, as far as it was recorded\.\n/,
  )
  expect(text).not.toContain('Write here what it was sent')
  // So it is in the middle, where the next process has recorded.
  await killedAfterPress(store, 1)
  const later = await (await opened(store)).testOf()
  expect(later).toContain('// Checkpoint 2 was committed as its process ended')
  expect(later).not.toContain('Write here what it was sent')
}, 60_000)

test('where a process that does not record had the store in between, what it was sent is to be written', async () => {
  const store = temporaryFolder()
  await killedAfterPress(store, 2)
  loseLastLine(store)
  await killedAfterPress(store, 0)
  const first = await opened(store)
  await first.page.getByRole('note').getByText('What led here was not recorded: inspect: true').waitFor()
  await killedAfterPress(store, 1)
  const text = await (await opened(store)).testOf()
  expect(text).toContain('// Write here what it was sent between: checkpoints 2 to 3 were not recorded.')
  expect(text).not.toContain('as its process ended')
}, 60_000)
