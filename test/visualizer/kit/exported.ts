import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

/** What the page saves as a test, as somebody asks for it. */
export async function savedTest(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.exports').getByRole('button', { name: 'Test' }).click(),
  ])
  return text(await download.createReadStream())
}

/** Runs a test that the page has saved with vitest, in a folder of its own, of a service whose module is this; all that vitest says. */
export async function runSaved(test: string, service: string): Promise<string> {
  // Within the package, so that its own name is found.
  const folder = mkdtempSync(join(ROOT, 'dist/exported-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'SERVICE.js'), service)
  writeFileSync(join(folder, 'saved.test.ts'), test)
  // Its own, or vitest would take the project's.
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default {}')
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, NO_COLOR: '1', VITEST: undefined }
  return new Promise((told) =>
    execFile(
      process.execPath,
      [vitest, 'run', '--root', folder, '--maxWorkers=1'],
      { cwd: folder, encoding: 'utf8', env },
      // That a test fails is told like what passes.
      (_, out, errors) => told(`${out}${errors}`),
    ),
  )
}
