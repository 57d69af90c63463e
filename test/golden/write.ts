import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatOf, reviveRecord, writeRecord } from './record.js'
import { scenarios } from './scenarios/index.js'
import { STORES } from './stores.js'

/**
 * Writes the golden records of this version that are not there yet. What is there is never written again: where the
 * format has changed since, the package's version is what must change, so that a new folder stands beside the old.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url))
const version = `v${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}`
const folder = join(root, 'test', 'golden', version)
mkdirSync(folder, { recursive: true })

function tell(name: string, what: string): void {
  console.log(`${version}/${name}: ${what}`)
}

for (const [name, scenario] of Object.entries(scenarios)) {
  const path = join(folder, `${name}.txt`)
  const text = await writeRecord(scenario)
  if (!existsSync(path)) {
    const gives = await reviveRecord(scenario, text)
    writeFileSync(path, text)
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(gives, undefined, 2)}\n`)
    tell(name, 'written')
  } else if (formatOf(readFileSync(path, 'utf8')) === formatOf(text)) tell(name, 'as it was')
  else {
    process.exitCode = 1
    tell(
      name,
      'the format has changed. Raise the version in package.json and write again: nothing is overwritten.',
    )
  }
}

for (const [kind, { write, look }] of Object.entries(STORES)) {
  const path = join(folder, kind)
  if (existsSync(path)) {
    tell(kind, 'there already')
    continue
  }
  mkdirSync(path)
  await write(path)
  writeFileSync(join(folder, `${kind}.json`), `${JSON.stringify(await look(path), undefined, 2)}\n`)
  tell(kind, 'written')
}
