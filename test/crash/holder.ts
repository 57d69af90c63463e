// An owner of a store that commits as fast as it can. It is told line by line to `claim` the store and commit, to `halt`
// and say what is held, and to `leave` the store; it says each batch that was acknowledged, and why one was refused.
import { createInterface } from 'node:readline'
import type { CommitRequest, StoreClaim } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { sqliteStore } from 'tardigrade/stores/sqlite'

const [kind = '', folder = ''] = process.argv.slice(2)
const store = kind === 'file' ? fileStore(folder) : sqliteStore(folder)

const KEYS = ['a', 'b', 'c']

let claim: StoreClaim | undefined
let working: Promise<void> = Promise.resolve()
let halts = false

function request(key: string, sequence: number, epoch: number): CommitRequest {
  const text = `${key} at ${sequence} by ${epoch}`
  return {
    key,
    sequence,
    service: 'held',
    version: 1,
    savedAtMs: 1,
    phase: 'running',
    wakeAtMs: undefined,
    text,
  }
}

/** Each batch has one checkpoint of every key. */
async function commitOn(held: StoreClaim, found: readonly number[]): Promise<void> {
  const sequences = [...found]
  while (!halts) {
    const batch = KEYS.map((key, at) => request(key, (sequences[at] ?? 0) + 1, held.epoch))
    const outcomes = await held.commit(batch)
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.error
    for (const at of KEYS.keys()) sequences[at] = (sequences[at] ?? 0) + 1
    console.log(`done ${sequences.join(' ')}`)
  }
}

const commands: Readonly<Record<string, () => Promise<string>>> = {
  async claim() {
    const held = await store.claim().catch((error: { code?: string }) => {
      // Whoever stands still in a transaction of SQLite's keeps the database.
      if (error.code === 'STORE_LOCKED') return undefined
      throw error
    })
    if (held === undefined) return 'claimed nothing'
    claim = held
    halts = false
    const found: number[] = []
    for (const key of KEYS) found.push((await held.load(key))?.sequence ?? 0)
    working = commitOn(held, found).catch((error: { code?: string; message?: string }) =>
      console.log(`refused ${error.code} ${error.message}`),
    )
    return `claimed ${held.epoch} ${found.join(' ')}`
  },
  async halt() {
    halts = true
    await working
    const all = await Promise.all(KEYS.map(async (key) => (await claim?.history(key)) ?? []))
    return `held ${JSON.stringify(all.flat().map(({ key, sequence, epoch, text }) => ({ key, sequence, epoch, text })))}`
  },
  async leave() {
    await claim?.close()
    return 'left'
  },
}

createInterface({ input: process.stdin }).on('line', async (command) => {
  console.log(await commands[command]?.())
})
console.log('ready')
