import type { StoreClaim } from '../../../src/ports/store.js'
import { claimFiles } from '../../../src/stores/file-claim.js'
import { placesOf } from '../../../src/stores/file-io.js'
import { resolveOptions } from '../../../src/stores/options.js'
import { KEEP } from '../../../src/testing/contract/store/scene.js'
import type { DiskCalls } from '../disk/calls.js'
import { Disk, type DiskEvent } from '../disk/disk.js'
import { mount } from '../disk/mount.js'
import { type Held, look, NOTHING, overlaid } from './held.js'
import { after, cutOff, type Protocol } from './outcomes.js'
import { ask, type Operation } from './workload.js'

/** A batch is no transaction there, as its documentation says. */
export const FILES: Protocol = { name: 'file', atomic: false }

/** Names in one folder need not become durable in their order. */
export const FILES_WITHOUT_POWER: Protocol = { ...FILES, gaps: true }

/** The store's lock is SQLite's business, and no part of this. */
const lock = { release: () => {} }

/** Claims a file store on a disk in memory, and gives it back. `fault`: what its calls meet. */
export async function onDisk<T>(
  disk: Disk,
  work: (claim: StoreClaim, calls: DiskCalls) => Promise<T>,
  fault?: DiskCalls['fault'],
): Promise<T> {
  const { root, calls, unmount } = mount(disk)
  if (fault !== undefined) calls.fault = fault
  try {
    const claim = await claimFiles(
      placesOf(root),
      lock,
      resolveOptions('fileStore', { keep: KEEP, now: () => 1 }),
    )
    const result = await work(claim, calls)
    await claim.close()
    return result
  } finally {
    unmount()
  }
}

/** One thing that a store was asked for, and the events on the disk that it led to. */
export interface Chapter {
  readonly begin: number
  readonly end: number
  /** What may be there when it was cut off. */
  readonly cut: readonly Held[]
  /** What must be there from its acknowledgement on. */
  readonly acknowledged: Held
}

/** Lives of a file store on one disk: a claim, then operations; with the events of each. */
export class FileHistory {
  readonly chapters: Chapter[] = []
  held: Held

  constructor(
    readonly disk = new Disk(),
    held = NOTHING,
    /** Tells its texts from those of another life on the same disk. */
    private readonly life = 'n',
    private readonly protocol = FILES,
  ) {
    this.held = held
  }

  /**
   * @param before what may be there until the claim has made durable what it found
   * @param failing a call that fails; what it was part of is asked for again
   */
  async live(
    operations: readonly Operation[],
    before: readonly Held[] = [this.held],
    failing?: number,
  ): Promise<void> {
    const begin = this.disk.events.length
    await onDisk(this.disk, async (claim, calls) => {
      this.#chapter(begin, before, this.held)
      calls.fault = (call) => (call === failing ? { code: 'EIO' } : undefined)
      for (const [index, operation] of operations.entries()) {
        const start = this.disk.events.length
        const nonce = `${this.life}${claim.epoch}.${index}`
        const cut = cutOff(this.protocol, this.held, operation, claim.epoch, nonce)
        const failed = await ask(claim, operation, this.held, nonce).then(
          () => false,
          () => true,
        )
        if (!failed) this.#chapter(start, cut, after(this.held, operation, claim.epoch, nonce))
        else await this.#again(claim, operation, start, cut, `${nonce}again`)
      }
    })
  }

  async #again(
    claim: StoreClaim,
    operation: Operation,
    start: number,
    cut: readonly Held[],
    nonce: string,
  ): Promise<void> {
    const held = await look(claim)
    await ask(claim, operation, held, nonce)
    const cutAgain = cutOff(this.protocol, held, operation, claim.epoch, nonce)
    // Of both attempts, each file is there by itself.
    const both = cut.flatMap((first) => cutAgain.map((second) => overlaid(held, first, second)))
    this.#chapter(start, both, after(held, operation, claim.epoch, nonce))
  }

  /** What may be there when no more than the first `count` events have happened. */
  allowedAfter(count: number): readonly Held[] {
    const last = this.chapters.findLast(({ begin }) => begin < count)
    if (last === undefined) return this.chapters[0]?.cut ?? [this.held]
    return count < last.end ? last.cut : [last.acknowledged]
  }

  /** The disk with this past. */
  diskOf(past: readonly DiskEvent[]): Disk {
    return new Disk(past, this.disk.folders)
  }

  /** The folders of files under way, whose content is worth nothing: one, and in it one of each owner's. */
  get temporary(): ReadonlySet<number> {
    const folder = this.disk.root.entries?.get('tmp')?.id
    const inner = this.disk.events.flatMap((event) =>
      event.do === 'link' && event.folder === folder ? [event.node] : [],
    )
    return new Set(folder === undefined ? [] : [folder, ...inner])
  }

  #chapter(begin: number, cut: readonly Held[], acknowledged: Held): void {
    this.chapters.push({ begin, end: this.disk.events.length, cut, acknowledged })
    this.held = acknowledged
  }
}

/** What the next owner finds on a disk. */
export function found(disk: Disk): Promise<Held> {
  return onDisk(disk, look)
}
