import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'

const BUILT = fileURLToPath(new URL('../../dist/src/', import.meta.url))

/** All that is built, whatever rooms a store comes to use, where no package is found. */
const awayFromPackages = () => {
  const alone = temporaryFolder()
  cpSync(BUILT, alone, { recursive: true })
  return alone
}

it('says what to install when there is no SQLite', () => {
  const alone = awayFromPackages()
  const script = `
    process.getBuiltinModule = undefined
    const { sqliteStore } = await import(${JSON.stringify(pathToFileURL(join(alone, 'stores/sqlite.js')).href)})
    const store = sqliteStore(${JSON.stringify(join(alone, 'store'))})
    const said = []
    for (const open of [() => store.claim(), () => store.read()]) {
      await open().catch(({ code, remedy, packageName }) => said.push({ code, remedy, packageName }))
    }
    console.log(JSON.stringify(said))`
  const options = { encoding: 'utf8', cwd: alone } as const
  const said: unknown = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], options),
  )
  const missing = {
    code: 'MISSING_DRIVER',
    packageName: '@photostructure/sqlite@1',
    remedy:
      'Run: npm install @photostructure/sqlite@1. No bundler packs it: a bundle needs it in a node_modules beside it.',
  }
  expect(said).toEqual([missing, missing])
})

it.each([
  ['postgres', 'pg@8', 'a pool of pg'],
  ['redis', 'ioredis', 'a client of ioredis'],
])('says what to install when the driver of %s is not there', (name, packageName, given) => {
  const alone = awayFromPackages()
  // Beside what this package brings along.
  mkdirSync(join(alone, 'node_modules'))
  for (const brought of ['p-retry', 'valibot', 'crc-32']) {
    symlinkSync(join(BUILT, '../../node_modules', brought), join(alone, 'node_modules', brought))
  }
  const script = `
    const { ${name}Store: make } = await import(${JSON.stringify(pathToFileURL(join(alone, `stores/${name}.js`)).href)})
    const store = make('${name}://localhost', 'any')
    const said = []
    for (const open of [() => store.claim(), () => store.read()]) {
      await open().catch(({ code, remedy, packageName }) => said.push({ code, remedy, packageName }))
    }
    console.log(JSON.stringify(said))`
  const options = { encoding: 'utf8', cwd: alone } as const
  const said: unknown = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], options),
  )
  const remedy = `Run: npm install ${packageName}. In a bundle, give ${given}.`
  const missing = { code: 'MISSING_DRIVER', packageName, remedy }
  expect(said).toEqual([missing, missing])
})
