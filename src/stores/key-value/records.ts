import * as v from 'valibot'
import { readJson } from '../../checkpoint/json.js'
import { NewerStoreError, StoreDamagedError } from '../../errors/store.js'
import type { StoredCheckpoint } from '../../ports/store.js'
import { DAMAGED_HERE_REMEDY } from '../damaged-remedies.js'
import { summaryEntries } from '../summary-entries.js'
import type { KeyValue } from './port.js'

/** The format that this code writes: in the second a key had two heads; since the third, each claim has one of its own. */
export const FORMAT = 3

const summary = v.object({
  ...summaryEntries,
  /** Of its text, which nothing else ever has: it begins with the epoch of who wrote it. */
  id: v.string(),
  /** In how many parts its text lies. */
  parts: v.number(),
})

const head = v.pipe(
  v.object({
    /** Of the claim that wrote it; 0 in the first format, which had no such number. */
    epoch: v.optional(v.number(), 0),
    /** None: the key was removed, and what older heads of the key say counts no more. */
    kept: v.array(summary),
  }),
  v.check(({ epoch, kept }) => epoch > 0 || kept.length > 0),
)
const owner = v.object({ format: v.number(), epoch: v.number(), pid: v.number(), claimedAtMs: v.number() })
const aside = v.object({
  ...summary.entries,
  key: v.string(),
  reason: v.string(),
  quarantinedAtMs: v.number(),
})

/** What a head tells of a checkpoint, without its key and its text. */
export type Summary = v.InferOutput<typeof summary>
/** The checkpoints of a key, newest first: what it names is there, and nothing else counts. */
export type Head = v.InferOutput<typeof head>
export type Owner = v.InferOutput<typeof owner>
/** A checkpoint that was set aside. */
export type Aside = v.InferOutput<typeof aside>

/** Where what lies in the storage. Names are the caller's, so that several stores and other data fit beside each other. */
export class Places {
  /** Of each claim by its epoch: what one writes late is not in the place of what another has written. */
  readonly heads: string
  /** In the formats before the third, of the claims with an odd epoch and with an even one. */
  readonly formerHeads: readonly string[]
  /** What each claim leaves when it has written itself down as the owner, with its epoch. */
  readonly marks: string
  readonly asides: string
  readonly texts: string
  readonly owner: string

  constructor(readonly name: string) {
    this.heads = `${name}:head3:`
    this.formerHeads = [`${name}:head:`, `${name}:head2:`]
    this.marks = `${name}:claim:`
    this.asides = `${name}:aside:`
    this.texts = `${name}:text:`
    this.owner = `${name}:owner`
  }

  head(key: string, epoch: number): string {
    return `${this.heads}${epoch}:${key}`
  }

  mark(epoch: number, id: string): string {
    return `${this.marks}${epoch}:${id}`
  }

  text({ id }: Pick<Summary, 'id'>, part: number): string {
    return `${this.texts}${id}:${part}`
  }

  aside({ id }: Pick<Summary, 'id'>): string {
    return this.asides + id
  }
}

/** @throws {StoreDamagedError} what lies there is none */
export const readHead = (storage: KeyValue, place: string, key: string): Promise<Head | undefined> =>
  read(storage, place, head, key)

/** @throws {StoreDamagedError} what lies there is none */
export const readAside = (storage: KeyValue, place: string): Promise<Aside | undefined> =>
  read(storage, place, aside)

/** @throws {StoreDamagedError | NewerStoreError} */
export async function readOwner(storage: KeyValue, places: Places): Promise<Owner | undefined> {
  return ownerOf(storage, places, await storage.get(places.owner))
}

/** @throws {StoreDamagedError | NewerStoreError} */
export function ownerOf(storage: KeyValue, places: Places, text: string | undefined): Owner | undefined {
  const found = parsed(storage, places.owner, text, owner)
  if (found !== undefined && found.format > FORMAT)
    throw new NewerStoreError(places.name, found.format, FORMAT)
  return found
}

async function read<T>(
  storage: KeyValue,
  place: string,
  schema: v.GenericSchema<unknown, T>,
  key?: string,
): Promise<T | undefined> {
  return parsed(storage, place, await storage.get(place), schema, key)
}

function parsed<T>(
  storage: KeyValue,
  place: string,
  text: string | undefined,
  schema: v.GenericSchema<unknown, T>,
  key?: string,
): T | undefined {
  if (text === undefined) return undefined
  const result = v.safeParse(schema, parse(text))
  if (result.success) return result.output
  throw new StoreDamagedError(
    storage.name,
    `what lies under ${JSON.stringify(place)} is no record of its`,
    { key },
    DAMAGED_HERE_REMEDY,
  )
}

function parse(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}

/** What a checkpoint is without its key and its text. */
export function summaryOf(
  { text, key: _key, ...rest }: StoredCheckpoint,
  id: string,
  parts: number,
): Summary {
  return { ...rest, size: text.length, id, parts }
}
