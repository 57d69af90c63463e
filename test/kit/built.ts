import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SETUP = fileURLToPath(new URL('../../scripts/setup.mjs', import.meta.url))

/**
 * Brings `dist` up to date, for tests whose processes run what is compiled, whatever the types say: those are checked
 * elsewhere. It does nothing where that has been done, as `npm test` does first.
 */
export function bringUpToDate(): void {
  spawnSync(process.execPath, [SETUP])
}
