import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, defineService, type Store } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { onTestFinished, type TestContext } from 'vitest'
import { createMachine } from 'xstate'

export const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' } } },
  }),
})

/** A folder in which a process has recorded two lamps beside its store, and came to its end; `path` is what is to be damaged of it. */
export async function recordedStore(
  make: (folder: string) => Store,
  name = 'tardigrade.db',
  // Beside other tests, each knows its own end alone.
  finished: TestContext['onTestFinished'] = onTestFinished,
) {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-unreadable-'))
  finished(() => rmSync(folder, { recursive: true, force: true }))
  const supervisor = await createSupervisor({ store: make(folder), inspect: { port: false } })
  for (const key of ['hall', 'kitchen']) {
    const service = await supervisor.start(lamp, { key })
    await service.send({ type: 'PRESS' })
  }
  await supervisor.close()
  ofAnotherProcess(folder)
  return { folder, path: join(folder, name) }
}

/** A store of which a second owner has committed `hall` and `attic` once more, as it lies there while that one has it. */
export async function twiceOwned() {
  const { folder, path } = await recordedStore(sqliteStore)
  const before = readFileSync(path)
  const supervisor = await createSupervisor({ store: sqliteStore(folder), inspect: { port: false } })
  for (const key of ['hall', 'attic']) {
    const service = await supervisor.start(lamp, { key })
    await service.send({ type: 'PRESS' })
  }
  const left = mkdtempSync(join(tmpdir(), 'tardigrade-older-'))
  onTestFinished(() => rmSync(left, { recursive: true, force: true }))
  const files = ['tardigrade.db', 'tardigrade.db-wal']
  for (const file of files) cpSync(join(folder, file), join(left, file))
  await supervisor.close()
  cpSync(join(folder, 'inspect'), join(left, 'inspect'), { recursive: true })
  ofAnotherProcess(left)
  return { left, before, log: join(left, 'tardigrade.db-wal') }
}

/** What was recorded is as if by another process, which is gone: no system has so high a number. */
export function ofAnotherProcess(folder: string): void {
  for (const name of readdirSync(join(folder, 'inspect')).filter((file) => file.endsWith('.jsonl'))) {
    const file = join(folder, 'inspect', name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(`"pid":${process.pid}`, '"pid":2147483647'))
  }
}

/** Ways in which a database comes to be none that SQLite opens, with what the error says of each. */
export const DAMAGES: readonly (readonly [string, (path: string) => void, RegExp])[] = [
  ['whose header is garbage', (path) => rewrite(path, (bytes) => bytes.fill('x', 0, 100)), /not a database/],
  [
    'of which a page is overwritten',
    (path) => rewrite(path, (bytes) => bytes.fill(0xff, 100, 8192)),
    /malformed/,
  ],
  [
    'that is cut off',
    (path) => rewrite(path, (bytes) => bytes.subarray(0, 5000)),
    /malformed|not a database/,
  ],
  ['that is a text', (path) => put(path, 'no database at all'), /not a database/],
  [
    'of another program',
    (path) => rewrite(path, (bytes) => bytes.fill(7, 68, 72)),
    /belongs to another program/,
  ],
  ['that is a folder', folderIn, /no plain file/],
]

/** Puts something in the place of a file or folder, and gives what takes it back. */
export function damaged(path: string, damage: (path: string) => void): () => void {
  const kept = `${path}.kept`
  cpSync(path, kept, { recursive: true, preserveTimestamps: true })
  damage(path)
  return () => {
    rmSync(path, { recursive: true })
    renameSync(kept, path)
  }
}

export function folderIn(path: string): void {
  rmSync(path, { recursive: true })
  mkdirSync(path)
}

export function put(path: string, content: string): void {
  rmSync(path, { recursive: statSync(path).isDirectory() })
  writeFileSync(path, content)
}

function rewrite(path: string, change: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(path, change(readFileSync(path)))
}
