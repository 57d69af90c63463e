import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FOLDER } from '../../../src/inspect/files/file-name.js'
import { Recordings } from '../../../src/inspect/files/recordings.js'
import { HIDE_NOTHING } from '../../../src/inspect/redact.js'
import { Journal } from '../../../src/inspect/stream/journal.js'

const fails = vi.hoisted(() => ({ at: '', call: '' }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const files = new Map<number, string>()
  const check = (path: string, call: string) => {
    if (fails.call === call && path.endsWith(fails.at))
      throw Object.assign(new Error(`EACCES: ${call}`), { code: 'EACCES' })
  }
  return {
    ...fs,
    readdirSync: (path: string) => {
      check(path, 'readdir')
      return fs.readdirSync(path)
    },
    lstatSync: (path: string, options: object) => {
      check(path, 'lstat')
      return fs.lstatSync(path, options)
    },
    openSync: (path: string, flags: string) => {
      check(path, 'open')
      const file = fs.openSync(path, flags)
      files.set(file, path)
      return file
    },
    readSync: (file: number, buffer: Buffer, offset: number, length: number, at: number) => {
      check(files.get(file) ?? '', 'read')
      return fs.readSync(file, buffer, offset, length, at)
    },
  }
})

const { mkdirSync, writeFileSync } = await vi.importActual<typeof import('node:fs')>('node:fs')

/** Two files of one process, in a folder of a store's. */
function recorded(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unreadable-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, FOLDER))
  const incarnation = { type: 'incarnation', incarnation: '000000001-00000000', pid: 1, startedAtMs: 1 }
  for (const sequence of [1, 2]) {
    const entry = { sequence, atMs: 1, key: 'k', kind: 'hold', change: 'set', hold: 'user', by: 'program' }
    const lines = [incarnation, entry].map((line) => `${JSON.stringify(line)}\n`)
    writeFileSync(join(folder, FOLDER, `000000001-00000000-00000${sequence}.jsonl`), lines.join(''))
  }
  return folder
}

test.each([
  ['lstat', 0],
  ['open', 1],
  ['read', 1],
])('a file of which %s fails is left out and said so once, and all else goes on', (call, times) => {
  const folder = recorded()
  const journal = new Journal(1_000_000)
  fails.at = '000001.jsonl'
  fails.call = call
  const recordings = new Recordings(folder, journal, HIDE_NOTHING)
  for (let look = 0; look < 2; look++) recordings.read()
  fails.call = ''
  const told = journal.chapters.flatMap(({ segments }) => segments.map(({ first }) => first))
  expect(told).toEqual([2])
  expect(recordings.unreadable.map(({ code, message }) => [code, message])).toEqual(
    Array.from({ length: times }, () => [
      'RECORDING_UNREADABLE',
      expect.stringMatching(/000001\.jsonl cannot be read: .*EACCES/),
    ]),
  )
})

test('a folder that may not be looked into is said to be that; one that is not there is nothing', () => {
  const folder = recorded()
  fails.at = FOLDER
  fails.call = 'readdir'
  const recordings = new Recordings(folder, new Journal(1_000_000), HIDE_NOTHING)
  recordings.read()
  fails.call = ''
  expect(recordings.unreadable).toMatchObject([{ path: join(folder, FOLDER) }])
  const none = new Recordings(join(folder, 'none'), new Journal(1_000_000), HIDE_NOTHING)
  none.read()
  expect(none.unreadable).toEqual([])
})
