import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER, parseFileName } from './file-name.js'

/** Whether anything was recorded beside a store. */
export function hasRecordings(folder: string): boolean {
  try {
    return readdirSync(join(folder, FOLDER)).some((name) => parseFileName(name) !== undefined)
  } catch {
    return false
  }
}
