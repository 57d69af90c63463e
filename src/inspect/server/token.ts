import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from '../files/file-name.js'

const FILE = 'token'
const TOKEN = /^[\w-]{32}$/

/** A token that nobody guesses. */
export function makeToken(): string {
  return randomBytes(24).toString('base64url')
}

/**
 * The token of a store: the same from one process to the next, so that a page that is open connects again. It stands in a file that
 * this user alone can read, who can read the whole store; where none can be made, the token is of this process alone.
 */
export function tokenOf(folder: string): string {
  const path = join(folder, FOLDER, FILE)
  const token = makeToken()
  try {
    mkdirSync(join(folder, FOLDER), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
    return token
  } catch {
    return storedToken(path) ?? token
  }
}

function storedToken(path: string): string | undefined {
  try {
    const token = readFileSync(path, 'utf8').trim()
    return TOKEN.test(token) ? token : undefined
  } catch {
    return undefined
  }
}

/** Compares in the same time whatever is given. */
export function isToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}
