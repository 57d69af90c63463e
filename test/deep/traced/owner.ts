// Owns a SQLite store twice, and says what it asks and what it has heard: owner.js FOLDER SEED
import { writeSync } from 'node:fs'
import { sqliteStore } from '../../../src/stores/sqlite.js'
import { KEEP } from '../../../src/testing/contract/store/scene.js'
import { NOTHING } from '../stores/held.js'
import { after } from '../stores/outcomes.js'
import { ask } from '../stores/workload.js'
import { nonceOf, workloadOf } from './script.js'

const [folder = '', seed = ''] = process.argv.slice(2)
// One call each, at once, so that it stands among the others where it was said.
const say = (line: string) => writeSync(1, `${line}\n`)

const operations = workloadOf(Number(seed))
const half = Math.ceil(operations.length / 2)
let held = NOTHING
for (const [life, begin] of [0, half].entries()) {
  say('claims')
  const claim = await sqliteStore(folder, { keep: KEEP }).claim()
  say(`claimed ${claim.epoch}`)
  for (const [at, operation] of operations.slice(begin, begin + half).entries()) {
    const nonce = nonceOf(begin + at)
    say(`asks ${begin + at}`)
    await ask(claim, operation, held, nonce)
    held = after(held, operation, claim.epoch, nonce)
    say(`has ${begin + at}`)
  }
  // The second dies without a word.
  if (life > 0) process.exit()
  say('closes')
  await claim.close()
  say('closed')
}
