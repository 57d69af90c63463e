import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATABASE_FILE } from '../../../src/stores/sqlite-open.js'

/** What lies on the disk of a SQLite store at one moment: the next process finds no more than this. */
export interface Image {
  readonly database: Buffer
  /** SQLite's log of commits; empty where there is none. */
  readonly log: Buffer
}

/** In memory where the platform has such a place: what is tried is what is in the files, not the disk below. */
export const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A folder for one database at a time. */
export class Bench {
  readonly folder = mkdtempSync(join(PARENT, 'tardigrade-deep-'))
  readonly path = join(this.folder, DATABASE_FILE)

  image(): Image {
    const bytes = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0))
    return { database: bytes(this.path), log: bytes(`${this.path}-wal`) }
  }

  /** Has this image lie there, and nothing else. */
  lay({ database, log }: Image): void {
    this.clear()
    writeFileSync(this.path, database, { mode: 0o600 })
    if (log.length > 0) writeFileSync(`${this.path}-wal`, log, { mode: 0o600 })
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { mode: 0o700 })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export function sameImage(one: Image, other: Image): boolean {
  return one.log.equals(other.log) && one.database.equals(other.database)
}
