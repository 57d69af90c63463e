import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { testFolder } from './fixtures/folders.js'

const BUILT = fileURLToPath(new URL('../../dist/src/', import.meta.url))

it('says what to install when there is no SQLite', () => {
  // Away from the project, so that no package is found.
  const alone = testFolder()
  for (const room of ['stores', 'errors', 'ports']) {
    cpSync(join(BUILT, room), join(alone, room), { recursive: true })
  }
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
    remedy: 'Run: npm install @photostructure/sqlite@1',
  }
  expect(said).toEqual([missing, missing])
})
