import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeOf } from '../../src/cli/store.js'
import { StoreDamagedError } from '../../src/errors/store.js'
import { StoreNotReadableError } from '../../src/errors/store-reading.js'
import type { Store, StoreReader } from '../../src/ports/store.js'
import { fileStore } from '../../src/stores/file.js'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { accepted, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Faults: under an open reader, what the store is made of is damaged, replaced or taken away, and put back.
 * Promise: a typed error while it cannot be read, and the right answer of the same reader afterwards.
 */

async function reading(make: (folder: string) => Store) {
  const folder = temporaryFolder()
  const claim = await make(folder).claim()
  accepted(await claim.commit(Array.from({ length: 50 }, (_, at) => request(`k${at}`, 1))))
  await claim.close()
  return { folder, reader: await make(folder).read() }
}

const count = async (reader: StoreReader) => (await reader.list()).length

type Damage = (path: string) => void

const DAMAGES: readonly (readonly [string, Damage, new (...args: never[]) => Error])[] = [
  [
    'garbage in the place of its header',
    (path) => rewrite(path, (bytes) => bytes.fill('x', 0, 100)),
    StoreDamagedError,
  ],
  [
    'its first page overwritten',
    (path) => rewrite(path, (bytes) => bytes.fill(0xff, 100, 8192)),
    StoreDamagedError,
  ],
  ['its pages cut off', (path) => rewrite(path, (bytes) => bytes.subarray(0, 5000)), StoreDamagedError],
  ['another file renamed into its place', (path) => replace(path, 'no database at all'), StoreDamagedError],
  ['a folder in its place', folderInPlace, StoreNotReadableError],
]

test.each(DAMAGES)('a SQLite store with %s is read again when it is back', async (_, damage, error) => {
  const { folder, reader } = await reading(sqliteStore)
  const path = join(folder, DATABASE_FILE)
  cpSync(path, `${path}.copy`)
  expect(await count(reader)).toBe(50)
  for (const restore of [inPlace, anew]) {
    damage(path)
    await expect(reader.list()).rejects.toThrow(error)
    await expect(reader.owner()).rejects.toThrow(error)
    restore(path)
    expect(await count(reader)).toBe(50)
  }
  rmSync(path)
  expect(await count(reader)).toBe(0)
  anew(path)
  expect((await reader.load('k7'))?.sequence).toBe(1)
  await reader.close()
})

test.each([
  ['checkpoints', (path: string) => writeFileSync(path, 'no folder')],
  ['owner.json', (path: string) => mkdirSync(path)],
] as const)(
  'a file store of which %s is of another kind is read again when it is back',
  async (name, put) => {
    const { folder, reader } = await reading(fileStore)
    const path = join(folder, name)
    const ask = () => (name === 'owner.json' ? reader.owner() : reader.list())
    const before = await ask()
    renameSync(path, `${path}.away`)
    put(path)
    await expect(ask()).rejects.toThrow(StoreNotReadableError)
    rmSync(path, { recursive: true })
    renameSync(`${path}.away`, path)
    expect(await ask()).toEqual(before)
    await reader.close()
  },
)

test('what may not be read is no empty store', async () => {
  const { folder, reader } = await reading(sqliteStore)
  for (const path of [join(folder, DATABASE_FILE), folder]) {
    chmodSync(path, 0)
    await expect(asAnyUser(() => reader.list())).rejects.toThrow(StoreNotReadableError)
    if (path === folder) expect(() => asAnyUser(() => placeOf(folder))).toThrow(StoreNotReadableError)
    chmodSync(path, 0o700)
    expect(await count(reader)).toBe(50)
  }
  await reader.close()
})

/** Root may read everything: what begins here begins as somebody who may not. */
function asAnyUser<T>(ask: () => T): T {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    return ask()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

function rewrite(path: string, change: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(path, change(readFileSync(path)))
}

function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}

function folderInPlace(path: string): void {
  rmSync(path)
  mkdirSync(path)
}

function inPlace(path: string): void {
  if (statSync(path).isDirectory()) rmSync(path, { recursive: true })
  writeFileSync(path, readFileSync(`${path}.copy`))
}

function anew(path: string): void {
  rmSync(path, { recursive: true, force: true })
  cpSync(`${path}.copy`, path)
}
