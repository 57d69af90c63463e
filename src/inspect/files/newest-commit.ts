import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '../../checkpoint/json.js'
import { FOLDER, parseFileName, startOf } from './file-name.js'
import { after, commitIn, mayTellCommit, type RecordedCommit, type Since } from './recorded-commit.js'

const CHUNK_BYTES = 256 * 1024
const LINE_END = 10

/**
 * The last commit that was recorded beside a store, read from the end: most of a recording is left alone. Undefined where none was, or where nothing of it
 * can be read.
 */
export function newestCommitIn(folder: string): RecordedCommit | undefined {
  const since = new Map<string, Since>()
  for (const name of namesIn(join(folder, FOLDER))) {
    const commit = lastIn(join(folder, FOLDER, name), startOf(name), since)
    if (commit !== undefined) return commit
  }
  return undefined
}

/** The newest first. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => parseFileName(name) !== undefined)
      .sort()
      .reverse()
  } catch {
    return []
  }
}

/** `since`: the lowest checkpoint that was told of each service after what is looked at now. */
function lastIn(path: string, startedAtMs: number, since: Map<string, Since>): RecordedCommit | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      for (const line of linesFromEnd(file)) {
        const told = mayTellCommit(line) ? commitIn(parse(line), startedAtMs) : undefined
        if (told === undefined) continue
        const later = since.get(told.key)
        if (told.epoch !== undefined) return after(told, later)
        if (later === undefined || told.checkpoint < later.checkpoint) since.set(told.key, told)
      }
    } finally {
      closeSync(file)
    }
  } catch {
    // It made room for newer ones, or may not be read: whoever shows recordings says so.
  }
  return undefined
}

function* linesFromEnd(file: number): Generator<string> {
  let rest = Buffer.alloc(0)
  for (let end = fstatSync(file).size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES)
    const chunk = Buffer.alloc(end - start)
    readSync(file, chunk, 0, chunk.length, start)
    const bytes = Buffer.concat([chunk, rest])
    // What is before the first end of a line belongs to one that begins earlier.
    const whole = start === 0 ? 0 : bytes.indexOf(LINE_END) + 1
    rest = bytes.subarray(0, whole === 0 && start > 0 ? bytes.length : whole)
    if (rest.length < bytes.length) yield* bytes.toString('utf8', whole).split('\n').reverse()
    end = start
  }
}

function parse(line: string): unknown {
  try {
    return readJson(line)
  } catch {
    return undefined
  }
}
