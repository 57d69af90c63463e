import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckpointSummary, Store, StoredCheckpoint } from 'tardigrade'
import { fileStore } from '../../src/stores/file.js'
import { LOCK_FILE } from '../../src/stores/lock.js'
import type { StoreOptions } from '../../src/stores/options.js'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { pragma } from '../../src/stores/sqlite-schema.js'
import { formatOf, goOn, KEY, writeRecord } from './record.js'
import { scenarios } from './scenarios/index.js'

/** The record that the stores hold, and that a service goes on from. */
const scenario = scenarios.inbox
if (scenario === undefined) throw new Error('the stores need the scenario inbox')

const options: StoreOptions = { now: () => 1_000_000 }

async function fill(store: Store, folder: string): Promise<void> {
  // `scenario` was looked at above; a closure forgets that.
  const text = await writeRecord(scenario as NonNullable<typeof scenario>)
  const claim = await store.claim()
  const facts = { service: 'golden', version: 1, savedAtMs: 1_000_000, wakeAtMs: undefined } as const
  for (const sequence of [1, 2, 3]) {
    await claim.commit([
      { ...facts, key: KEY, sequence, phase: 'paused', text },
      {
        ...facts,
        key: 'a/b “é” 😀',
        sequence,
        phase: 'running',
        wakeAtMs: 2_000_000 + sequence,
        text: `n${sequence}`,
      },
    ])
  }
  await claim.quarantine('a/b “é” 😀', 3, 'set aside by hand')
  await claim.close()
  // Empty, and made anew by whoever claims the store.
  rmSync(join(folder, LOCK_FILE))
}

/** All that a store tells, and the life that goes on from it. */
async function lookAt(store: Store): Promise<unknown> {
  const claim = await store.claim()
  const { epoch } = claim
  const [listed, history, quarantined] = [
    await claim.list(),
    await claim.history(KEY),
    await claim.quarantined(),
  ]
  await claim.close()
  return {
    epoch,
    listed: listed.map(shown),
    history: history.map(shown),
    quarantined: quarantined.map(shown),
    life: await goOn(scenario as NonNullable<typeof scenario>, store),
  }
}

/** As JSON shows it, which has no `undefined`. */
function shown(stored: CheckpointSummary | StoredCheckpoint): unknown {
  return { ...stored, wakeAtMs: stored.wakeAtMs ?? null }
}

/** Where the store's own format shows: the tables and settings of a database. */
async function sqliteFace(folder: string): Promise<unknown> {
  const { DatabaseSync } = await loadSqliteDriver('the golden records')
  const database = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true })
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()
  const settings = ['application_id', 'user_version', 'page_size', 'encoding'].map((name) =>
    pragma(database, name),
  )
  database.close()
  return { schema: schema.map((row) => ({ ...(row as object) })), settings }
}

/** Where the store's own format shows: every file, without the process that owned it. */
function fileFace(folder: string): unknown {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const content = (path: string) => readFileSync(path, 'utf8').replace(/"pid":\d+/, '"pid":0')
  return paths
    .sort()
    .map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), formatOf(content(path))])
}

/** Works on a copy of a golden folder, which itself is never written to. */
async function onCopy<T>(folder: string, work: (copy: string) => Promise<T> | T): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), 'tardigrade-golden-'))
  const copy = join(parent, 'store')
  try {
    cpSync(folder, copy, { recursive: true })
    // A clone may have been made with any permissions; a store wants its folder for its owner alone.
    chmodSync(copy, 0o700)
    return await work(copy)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

/** What is set aside gets a random name; a golden one has always the same. */
function settleNames(folder: string): void {
  const aside = join(folder, 'quarantine')
  for (const name of readdirSync(aside)) {
    for (const file of readdirSync(join(aside, name))) {
      renameSync(join(aside, name, file), join(aside, name, file.replace(/^[0-9a-f]{8}/, '00000000')))
    }
  }
}

/** A store's folder as a golden record: how it is written, what it gives, and where a change of its format shows. */
export interface GoldenStore {
  write(folder: string): Promise<void>
  look(folder: string): Promise<unknown>
  face(folder: string): Promise<unknown>
}

export const STORES: Readonly<Record<string, GoldenStore>> = {
  'sqlite-store': {
    write: (folder) => fill(sqliteStore(folder, options), folder),
    look: (folder) => onCopy(folder, (copy) => lookAt(sqliteStore(copy, options))),
    face: (folder) => onCopy(folder, sqliteFace),
  },
  'file-store': {
    async write(folder) {
      await fill(fileStore(folder, options), folder)
      settleNames(folder)
    },
    look: (folder) => onCopy(folder, (copy) => lookAt(fileStore(copy, options))),
    face: (folder) => onCopy(folder, fileFace),
  },
}
