import { basename, dirname } from 'node:path'
import { changed } from '../sqlite/sectors.js'
import type { Call } from './calls.js'

/** A file, whatever its name. */
export interface TracedFile {
  readonly now: Buffer
  /** What outlives a power cut for sure. */
  readonly synced: Buffer
  /** The sync that has made it so. */
  readonly sync: number
}

/** A name that was given, taken away or given to another file, in one step. */
export interface Naming {
  /** Names with their files; undefined takes the name away. */
  readonly names: ReadonlyMap<string, number | undefined>
}

type Change = Exclude<Call, { do: 'say' | 'begin sync' | 'end sync' }>

/** A folder as its calls have left it: what is there now, and what would be if the power went. */
export class TracedFolder {
  readonly files = new Map<number, TracedFile>()
  /** Names that outlive a power cut for sure. */
  synced: ReadonlyMap<string, number> = new Map()
  /** What happened to names since. */
  pending: readonly Naming[] = []
  readonly #positions = new Map<string, number>()
  /** What a sync that is under way makes durable when it ends, by thread. */
  readonly #syncing = new Map<string, () => void>()
  #syncs = 0

  constructor(readonly path: string) {}

  /** The names that are there now. */
  get names(): ReadonlyMap<string, number> {
    return named(this.synced, this.pending)
  }

  /** Whether a call overwrites what was not synced yet: afterwards, no power cut leaves what stands there now. */
  overwrites(call: Call): boolean {
    if (call.do !== 'write' || !this.#isHere(call.path)) return false
    const file = this.#fileAt(call.path)
    if (file === undefined) return false
    const next = written(file.now, call.bytes, this.#placeOf(call))
    const open = new Set(changed(file.synced, file.now))
    return changed(file.now, next).some((sector) => open.has(sector))
  }

  happen(call: Call): void {
    if (call.do === 'say') return
    if (call.do === 'end sync') {
      this.#syncing.get(call.thread)?.()
      this.#syncing.delete(call.thread)
    } else if (call.do === 'begin sync') this.#beginSync(call)
    else if (this.#isHere(call.path)) this.#change(call, basename(call.path))
  }

  #change(call: Change, name: string): void {
    const id = this.names.get(name)
    if (call.do === 'unlink') this.#name([[name, undefined]])
    else if (call.do === 'rename') {
      const both = { [name]: undefined, [basename(call.to)]: id }
      this.#name(Object.entries(both))
    } else if (call.do === 'open') {
      this.#positions.set(call.path, 0)
      if (call.creates && id === undefined) this.#create(name)
      else if (call.empties) throw new Error(`${call.path} was emptied, which nothing is known of`)
    } else if (call.do === 'mkdir' || id === undefined) throw new Error(`${call.path} is no file here`)
    else {
      const file = this.#file(id)
      const place = call.do === 'write' ? this.#placeOf(call) : 0
      const now = call.do === 'write' ? written(file.now, call.bytes, place) : resized(file.now, call.size)
      this.files.set(id, { ...file, now })
      if (call.do === 'write' && call.at === undefined)
        this.#positions.set(call.path, place + call.bytes.length)
    }
  }

  #beginSync({ path, thread }: Extract<Call, { do: 'begin sync' }>): void {
    const sync = ++this.#syncs
    if (path === this.path) {
      const steps = this.pending
      this.#syncing.set(thread, () => {
        this.synced = named(
          this.synced,
          this.pending.filter((step) => steps.includes(step)),
        )
        this.pending = this.pending.filter((step) => !steps.includes(step))
      })
    } else if (this.#isHere(path)) {
      const id = this.names.get(basename(path))
      if (id === undefined) return
      const { now } = this.#file(id)
      this.#syncing.set(thread, () => {
        const file = this.#file(id)
        // Of two at once, the one that began later may have ended first.
        if (sync > file.sync) this.files.set(id, { now: file.now, synced: now, sync })
      })
    }
  }

  #create(name: string): void {
    const id = this.files.size
    this.files.set(id, { now: Buffer.alloc(0), synced: Buffer.alloc(0), sync: 0 })
    this.#name([[name, id]])
  }

  #name(names: readonly (readonly [string, number | undefined])[]): void {
    this.pending = [...this.pending, { names: new Map(names) }]
  }

  #isHere(path: string): boolean {
    return dirname(path) === this.path
  }

  #fileAt(path: string): TracedFile | undefined {
    const id = this.names.get(basename(path))
    return id === undefined ? undefined : this.#file(id)
  }

  #file(id: number): TracedFile {
    const file = this.files.get(id)
    if (file === undefined) throw new Error(`there is no file ${id}`)
    return file
  }

  #placeOf({ path, at }: Extract<Call, { do: 'write' }>): number {
    return at ?? this.#positions.get(path) ?? 0
  }
}

/** Names after these steps. */
export function named(
  before: ReadonlyMap<string, number>,
  steps: readonly Naming[],
): ReadonlyMap<string, number> {
  const names = new Map(before)
  for (const [name, id] of steps.flatMap((step) => [...step.names])) {
    if (id === undefined) names.delete(name)
    else names.set(name, id)
  }
  return names
}

function written(file: Buffer, bytes: Buffer, at: number): Buffer {
  const result = resized(file, Math.max(file.length, at + bytes.length))
  bytes.copy(result, at)
  return result
}

function resized(file: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size)
  file.copy(result)
  return result
}
