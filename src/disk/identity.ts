import { statSync } from 'node:fs'

/** Which file lies at a path, as a text that no other one has at the same time; undefined where there is none, or where nobody may look any more. */
export function identityOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats && `${stats.dev} ${stats.ino}`
  } catch {
    return undefined
  }
}
