import { existsSync, readFileSync } from 'node:fs'

/** A chunk that some process has begun to write. */
export interface JournalLine {
  readonly pid: string
  readonly at: number
  readonly length: number
}

export function readJournal(path: string): readonly JournalLine[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [pid = '', at, length] = line.split(' ')
      return { pid, at: Number(at), length: Number(length) }
    })
}

/** What a journal proves of a finished copy of `size` bytes. */
export interface JournalVerdict {
  readonly chunks: number
  /** Chunks that were begun twice: each was in flight when its process was killed. */
  readonly repeated: number
  readonly violations: readonly string[]
}

/**
 * No chunk was lost, and none was copied twice beyond the one in flight: every line begins where the line
 * before ended, or, as the first one of another process, repeats that line.
 */
export function judgeJournal(lines: readonly JournalLine[], size: number): JournalVerdict {
  const violations: string[] = []
  let end = 0
  let repeated = 0
  for (const [index, { pid, at, length }] of lines.entries()) {
    const before = lines[index - 1]
    const inFlight = before !== undefined && before.pid !== pid && at === before.at
    if (inFlight && length === before.length) repeated++
    else if (at !== end) violations.push(`line ${index + 1}: ${pid} wrote at ${at}, expected ${end}`)
    end = at + length
  }
  if (end !== size) violations.push(`the last chunk ends at ${end} of ${size}`)
  return { chunks: lines.length - repeated, repeated, violations }
}
