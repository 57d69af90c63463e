import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf } from '../../disk/identity.js'

/** The file that each kind of store has in its folder while somebody owns it, and that is another one with each claim at the most. */
const STORE_FILES = { database: 'tardigrade.db', files: 'owner.json' } as const

/** What kind of store is in a folder. */
export function kindIn(folder: string): keyof typeof STORE_FILES {
  return existsSync(join(folder, STORE_FILES.database)) ? 'database' : 'files'
}

/** Which of them lie in a folder, as a text that no others have at the same time. */
export function filesIn(folder: string): string {
  return Object.values(STORE_FILES)
    .map((name) => identityOf(join(folder, name)))
    .join()
}
