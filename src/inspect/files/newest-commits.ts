import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '../../checkpoint/json.js'
import { FOLDER, parseFileName, startOf } from './file-name.js'
import { after, commitIn, mayTellCommit, type RecordedCommit, type Since } from './recorded-commit.js'

const CHUNK_BYTES = 256 * 1024
const LINE_END = 10

/** So far back it is looked for, and of so many services at the most: whoever asks waits for it. */
const MOST_BYTES = 16 * 1024 * 1024
const MOST_SERVICES = 200
/** How a line of an entry begins, with its key as JSON. */
const ENTRY = /^\{"sequence":\d+,"atMs":\d+,"key":("(?:[^"\\]|\\.)*")/

/**
 * The last commits that were recorded beside a store, of each service its newest, the newest first. They are read from
 * the end: most of a long recording is left alone. None where nothing was recorded, or where nothing of it can be read.
 */
export function newestCommitsIn(folder: string): readonly RecordedCommit[] {
  const found = new Found()
  for (const name of namesIn(join(folder, FOLDER)))
    if (!lookInto(join(folder, FOLDER, name), startOf(name), found)) break
  return [...found.commits.values()]
}

/** What was found so far, of what is looked at from the end. */
class Found {
  readonly commits = new Map<string, RecordedCommit>()
  /** The lowest checkpoint that was told of each service after what is looked at now. */
  readonly #since = new Map<string, Since>()
  #left = MOST_BYTES

  /** Whether what the line tells is told already, of a later time. */
  knows(line: string): boolean {
    this.#left -= line.length
    const [, key] = ENTRY.exec(line) ?? []
    return key !== undefined && this.commits.has(String(parse(key)))
  }

  /** False where nothing that comes before is looked for. */
  add(told: RecordedCommit | Since): boolean {
    const later = this.#since.get(told.key)
    if (told.epoch === undefined) {
      if (later === undefined || told.checkpoint < later.checkpoint) this.#since.set(told.key, told)
      return true
    }
    if (!this.commits.has(told.key)) this.commits.set(told.key, after(told, later))
    return this.commits.size < MOST_SERVICES
  }

  get isEnough(): boolean {
    return this.#left < 0 && this.commits.size > 0
  }
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

/** Whether to look on, into the file before. */
function lookInto(path: string, startedAtMs: number, found: Found): boolean {
  try {
    const file = openSync(path, 'r')
    try {
      for (const line of linesFromEnd(file)) {
        if (found.isEnough) return false
        if (found.knows(line) || !mayTellCommit(line)) continue
        const told = commitIn(parse(line), startedAtMs)
        if (told !== undefined && !found.add(told)) return false
      }
    } finally {
      closeSync(file)
    }
  } catch {
    // It made room for newer ones, or may not be read: whoever shows recordings says so.
  }
  return true
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
