import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { readJson } from '../../checkpoint/json.js'
import type { StoreOwner } from '../../ports/store.js'
import { FOLDER } from './file-name.js'
import { filesIn } from './store-files.js'

const FILE = 'claim.json'

const schema = v.object({
  folder: v.string(),
  files: v.string(),
  epoch: v.number(),
  pid: v.number(),
  claimedAtMs: v.number(),
})

/** Which files an owner that records has found in the store's folder as it claimed that: whoever looks later knows by it whether others lie there. */
export interface ClaimNote extends StoreOwner {
  readonly files: string
}

/** Leaves the note of a claim beside what is recorded. Where it cannot be written, others do without. */
export function noteClaim(folder: string, { epoch, pid, claimedAtMs }: StoreOwner): void {
  const path = join(folder, FOLDER, FILE)
  try {
    const note = { folder: realpathSync(folder), files: filesIn(folder), epoch, pid, claimedAtMs }
    mkdirSync(join(folder, FOLDER), { recursive: true, mode: 0o700 })
    rmSync(path, { force: true })
    writeFileSync(path, `${JSON.stringify(note)}\n`, { mode: 0o600, flag: 'wx' })
  } catch {
    // It is asked for by those alone who look beside the owner.
  }
}

/** Takes the note back of an owner that gives its store back: what becomes of the files is no matter of its any more. */
export function dropClaimNote(folder: string, epoch: number): void {
  try {
    // A newer owner has left its own.
    if (claimNoteIn(folder)?.epoch === epoch) rmSync(join(folder, FOLDER, FILE), { force: true })
  } catch {
    // It says what was so: who looks asks whether that process still exists.
  }
}

/** The note of the last claim of an owner that records; undefined where there is none, or that of a copy, which was taken elsewhere. */
export function claimNoteIn(folder: string): ClaimNote | undefined {
  try {
    const note = v.parse(schema, readJson(readFileSync(join(folder, FOLDER, FILE), 'utf8')))
    return note.folder === realpathSync(folder) ? note : undefined
  } catch {
    return undefined
  }
}
