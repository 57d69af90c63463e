import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../ports/clock.js'
import type { Subject } from '../../ports/inspector.js'
import { HIDE_NOTHING } from '../redact.js'
import { incarnationAt } from '../server/incarnation-name.js'
import { Journal } from '../stream/journal.js'
import { JournalSink } from '../stream/journal-sink.js'
import { Recorder } from '../stream/recorder.js'
import { FOLDER, parseFileName } from './file-name.js'
import { SegmentFiles } from './segment-files.js'

/**
 * Notes beside a store that a service was removed from it while no process had it, where something was recorded of the service. A recording
 * that cannot be read or written costs the note alone.
 */
export function recordRemoval(folder: string, of: Subject, clock: Clock): void {
  const ignore = () => {}
  try {
    if (!isRecorded(folder, of.key)) return
  } catch {
    return
  }
  const startedAtMs = clock.now()
  const incarnation = incarnationAt(startedAtMs)
  // Nothing older makes room for a note.
  const files = new SegmentFiles(folder, incarnation, Number.POSITIVE_INFINITY, ignore)
  const facts = { incarnation, pid: process.pid, startedAtMs }
  const journal = new Journal(Number.POSITIVE_INFINITY)
  const sink = new JournalSink(journal, facts, Number.POSITIVE_INFINITY, files)
  const recorder = new Recorder(sink, HIDE_NOTHING, clock, ignore)
  recorder.observe({ type: 'removed' }, of)
  recorder.flush()
  sink.end()
  files.close()
}

/** Whether an entry or a state of this service stands in a recording. */
function isRecorded(folder: string, key: string): boolean {
  const text = `"key":${JSON.stringify(key)}`
  const recorded = join(folder, FOLDER)
  return readdirSync(recorded).some(
    (name) => parseFileName(name) !== undefined && readFileSync(join(recorded, name), 'utf8').includes(text),
  )
}
