import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A fresh folder, for whoever deletes it by itself. */
export function newFolder(): string {
  // macOS reaches its temporary folder through a link.
  return realpathSync(mkdtempSync(join(tmpdir(), 'tardigrade-test-')))
}

/** A fresh folder that goes away with the running test. */
export function temporaryFolder(): string {
  const folder = newFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
