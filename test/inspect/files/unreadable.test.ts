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

test.each(['lstat', 'open', 'read'])('a file of which %s fails is left out, and all else goes on', (call) => {
  const folder = recorded()
  const journal = new Journal(1_000_000)
  fails.at = '000001.jsonl'
  fails.call = call
  new Recordings(folder, journal, HIDE_NOTHING).read()
  fails.call = ''
  const told = journal.chapters.flatMap(({ segments }) => segments.map(({ first }) => first))
  expect(told).toEqual([2])
})
