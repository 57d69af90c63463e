import { basename, join } from 'node:path'
import { readJson } from '../checkpoint/json.js'
import { StoreDamagedError } from '../errors/store.js'
import type { CheckpointSummary, QuarantinedCheckpoint, StoredCheckpoint } from '../ports/store.js'
import { DAMAGED_FOLDER_REMEDY } from './damaged-remedies.js'
import { decodeHeader, decodeText, type FileHeader } from './file-format.js'
import { checkpointTextOf, type FilePlaces, firstLineOf, namesIn, textOf } from './file-io.js'
import { entriesOf, type FileEntry, nameOf } from './file-name.js'

/** What the name ends with of what stood in the place of a checkpoint and is no text, and was set aside. */
export const AS_IT_IS = '.as-it-is'

/** How often a reader looks again when the owner has deleted a file that it was about to read. */
const MOST_LOOKS = 20

/** The key's newest checkpoints, newest first, at most `count`; without it, all that are kept. */
export async function readKept(
  places: FilePlaces,
  key: string,
  count = Number.POSITIVE_INFINITY,
): Promise<readonly StoredCheckpoint[]> {
  const folder = join(places.checkpoints, nameOf(key))
  for (let look = 1; ; look++) {
    const entries = entriesOf(await namesIn(folder)).slice(0, count)
    const found = await Promise.all(entries.map((entry) => readCheckpoint(folder, entry, key)))
    const whole = found.filter((checkpoint) => checkpoint !== undefined)
    if (whole.length === entries.length || look === MOST_LOOKS) return whole
  }
}

/**
 * One checkpoint, or undefined when its file is gone.
 *
 * With a damaged header it comes as failed, with the whole file as its text: its own checksum then tells that it
 * is damaged, and it can be set aside like any other.
 */
export async function readCheckpoint(
  folder: string,
  entry: FileEntry,
  key: string,
): Promise<StoredCheckpoint | undefined> {
  const raw = await checkpointTextOf(join(folder, entry.name))
  if (raw === undefined) return undefined
  const { sequence, epoch } = entry
  const header = decodeHeader(raw)
  if (header === undefined || header.key !== key || header.sequence !== sequence || header.epoch !== epoch) {
    return { key, ...unknownFacts(entry), text: raw }
  }
  return checkpointOf(header, raw)
}

/** The newest checkpoint in a key's folder, without its text; undefined when there is none. */
export async function readSummary(places: FilePlaces, name: string): Promise<CheckpointSummary | undefined> {
  const folder = join(places.checkpoints, name)
  for (let look = 1; look <= MOST_LOOKS; look++) {
    const [newest, ...older] = entriesOf(await namesIn(folder))
    if (newest === undefined) return undefined
    const line = await firstLineOf(join(folder, newest.name))
    if (line === undefined) continue
    const header = decodeHeader(line)
    if (header === undefined) return summarizeDamaged(places, folder, [newest, ...older])
    return { ...factsOf(header), size: header.size }
  }
  return undefined
}

/** All that was set aside, oldest first. */
export async function readQuarantined(places: FilePlaces): Promise<readonly QuarantinedCheckpoint[]> {
  const found: QuarantinedCheckpoint[] = []
  for (const name of await namesIn(places.quarantine)) {
    for (const file of await namesIn(join(places.quarantine, name))) {
      if (file.endsWith(AS_IT_IS)) continue
      const path = join(places.quarantine, name, file)
      const raw = await textOf(path)
      if (raw === undefined) continue
      const header = decodeHeader(raw)
      if (header?.reason === undefined || header.quarantinedAtMs === undefined) {
        throw new StoreDamagedError(places.root, `${path} is damaged`, {}, DAMAGED_FOLDER_REMEDY)
      }
      const { reason, quarantinedAtMs } = header
      found.push({ ...checkpointOf(header, raw), reason, quarantinedAtMs })
    }
  }
  return found.sort((a, b) => a.quarantinedAtMs - b.quarantinedAtMs || a.sequence - b.sequence)
}

/** Its key stands in any of the files, damaged as they are; where it stands in none, nobody knows whose they are. */
async function summarizeDamaged(
  places: FilePlaces,
  folder: string,
  [newest, ...older]: readonly [FileEntry, ...FileEntry[]],
): Promise<CheckpointSummary> {
  const raw = (await checkpointTextOf(join(folder, newest.name))) ?? ''
  let key = keyIn(raw, folder)
  for (const entry of older) key ??= keyIn((await checkpointTextOf(join(folder, entry.name))) ?? '', folder)
  if (key !== undefined) return { key, ...unknownFacts(newest), size: raw.length }
  throw new StoreDamagedError(
    places.root,
    `${join(folder, newest.name)} is damaged, and nothing beside it tells whose it is`,
    {},
    DAMAGED_FOLDER_REMEDY,
  )
}

/** The key of which this is the folder, if it stands in the text, which may be damaged: in the header or the checkpoint. */
function keyIn(raw: string, folder: string): string | undefined {
  // From every quotation mark on, since some may be missing; a key of 512 escapes is the longest.
  for (const [, literal] of raw.matchAll(/(?=("(?:[^"\\]|\\.){1,3072}"))/g)) {
    const text = textOfLiteral(literal ?? '')
    if (text !== undefined && nameOf(text) === basename(folder)) return text
  }
  return undefined
}

function textOfLiteral(literal: string): string | undefined {
  try {
    return String(readJson(literal))
  } catch {
    return undefined
  }
}

function checkpointOf(header: FileHeader, raw: string): StoredCheckpoint {
  return { ...factsOf(header), text: decodeText(raw) }
}

function factsOf({ key, service, version, sequence, epoch, savedAtMs, phase, wakeAtMs }: FileHeader) {
  return { key, service, version, sequence, epoch, savedAtMs, phase, wakeAtMs }
}

function unknownFacts({ sequence, epoch }: FileEntry) {
  return {
    service: '',
    version: 0,
    sequence,
    epoch,
    savedAtMs: 0,
    phase: 'failed',
    wakeAtMs: undefined,
  } as const
}
