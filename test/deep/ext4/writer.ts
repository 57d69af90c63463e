// Says what it finds, then commits for ever, in batches of three keys, and says each batch after it was acknowledged:
// writer.js KIND FOLDER
import { writeSync } from 'node:fs'
import { fileStore } from '../../../src/stores/file.js'
import { sqliteStore } from '../../../src/stores/sqlite.js'
import { accepted, request } from '../../../src/testing/contract/store/requests.js'

const [kind, folder = ''] = process.argv.slice(2)
// Written at once, so that a line that nobody has seen was never said.
const say = (line: string) => writeSync(1, `${line}\n`)

const claim = await (kind === 'file' ? fileStore(folder) : sqliteStore(folder)).claim()
const keys = ['a', 'b', 'c']
const stored = await Promise.all(keys.map((key) => claim.load(key)))
const torn = stored.filter((one) => one !== undefined && one.text !== request(one.key, one.sequence).text)
const sequences = stored.map((one) => one?.sequence ?? 0)
say(torn.length === 0 ? `found ${sequences.join(' ')}` : `torn ${JSON.stringify(torn)}`)
for (let step = 1; ; step++) {
  const next = sequences.map((sequence) => sequence + step)
  accepted(await claim.commit(keys.map((key, at) => request(key, next[at] ?? 0))))
  say(`acknowledged ${next.join(' ')}`)
}
