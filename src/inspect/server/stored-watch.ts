import type { Clock } from '../../ports/clock.js'
import type { CheckpointSummary, StoreReader } from '../../ports/store.js'
import { Stretch } from '../../runtime/stretch.js'
import { problemFrom } from '../problem.js'
import type { Hide } from '../redact.js'
import { damagesIn } from '../stored/damages.js'
import { checkpointShown, serviceShown } from '../stored/stored-shown.js'
import type {
  Problem,
  StoredCheckpointShown,
  StoredMessage,
  StoredService,
  StoreOwnerShown,
} from '../stream/message.js'

/** How often the store is looked through while somebody watches. */
const LOOK_EVERY_MS = 1000
/** Where a look takes long, so many times as long is left to the services of this process. */
const LEFT_TO_SERVICES = 20
/** Rows that are asked for at once: a store that answers at once keeps the process for so long. */
const ROWS = 200
/** Services of one message. */
const PAGE = 200

/** What is asked of a store. */
export type StoreView = Pick<StoreReader, 'list' | 'load' | 'history'>

/** What there is beside the store. */
export interface Surroundings {
  /** Is told once why the store cannot be read, and of undefined when it can be: the first time, or again. */
  readonly failed?: ((error: unknown) => void) | undefined
  /** Is told at the end of each look whether it has met all that the store holds. */
  readonly looked?: (hasMetAll: boolean) => void
  /** Who has the store. */
  readonly ownerNow?: () => Promise<StoreOwnerShown | undefined>
  /** No service of this process has to wait for its thread. */
  readonly isAlone?: boolean
  /** The store's, where it has one. */
  readonly folder?: string | undefined
}

/** Is told a message, and whether that completes what there was to tell. */
type Watcher = (text: string, isComplete: boolean) => void

/** What the store holds, for all who watch: looked through again and again while there is somebody, and never otherwise. */
export class StoredWatch {
  /** What was told last of each, by its key. */
  readonly #known = new Map<string, StoredService>()
  /** Those of them that could not be read again. */
  readonly #unread = new Set<string>()
  readonly #watchers = new Set<Watcher>()
  #problem: Problem | undefined
  #owner: StoreOwnerShown | undefined
  #looked = false
  #timer: unknown
  #looking: Promise<void> | undefined
  #closed = false
  readonly #stretch: Stretch

  constructor(
    private readonly store: StoreView,
    private readonly hide: Hide,
    private readonly only: (of: { readonly definition: string; readonly key: string }) => boolean,
    private readonly clock: Clock,
    private readonly surroundings: Surroundings = {},
  ) {
    this.#stretch = new Stretch(clock)
  }

  /** Tells all there is, and from then on what changes. Returns what ends that. */
  watch(tell: Watcher): () => void {
    if (this.#looked || this.#known.size > 0 || this.#problem !== undefined) this.#tellAll(tell)
    this.#watchers.add(tell)
    this.lookNow()
    return () => void this.#watchers.delete(tell)
  }

  /** Looks at once, unless a look is under way. */
  lookNow(): void {
    if (this.#looking !== undefined || this.#closed || this.#watchers.size === 0) return
    this.clock.clearTimer(this.#timer)
    this.#look()
  }

  /** The kept checkpoints of a service, newest first. */
  async history(key: string): Promise<readonly StoredCheckpointShown[]> {
    const all = await this.store.history(key)
    await this.#giveWay()
    const kept = all.filter(({ service }) => this.only({ definition: service, key }))
    const damages = damagesIn(kept, this.surroundings.folder)
    return kept.map((stored, at) => {
      const { text, ...summary } = stored
      const shown = checkpointShown({ ...summary, size: text.length }, stored, this.hide, at === 0)
      const damage = damages[at]
      return damage === undefined ? shown : { ...shown, damage }
    })
  }

  /** Resolves when no look is under way. */
  async close(): Promise<void> {
    this.#closed = true
    this.clock.clearTimer(this.#timer)
    await this.#looking
  }

  #look(): void {
    const beganMs = this.clock.now()
    this.#looking = this.#goThrough().finally(() => {
      this.#looking = undefined
      if (this.#closed || this.#watchers.size === 0) return
      const times = this.surroundings.isAlone === true ? 1 : LEFT_TO_SERVICES
      const restMs = Math.max(LOOK_EVERY_MS, times * (this.clock.now() - beganMs))
      this.#timer = this.clock.setTimer(() => this.#look(), restMs, true)
    })
  }

  /** A store may answer without a turn of the platform: the process has others to serve. */
  #giveWay(): Promise<void> {
    return new Promise((resolve) => this.#stretch.go(resolve))
  }

  async #goThrough(): Promise<void> {
    let page: StoredService[] = []
    const gone = new Set(this.#known.keys())
    const told = this.#looked
    try {
      const owner = await this.surroundings.ownerNow?.()
      const isOther = JSON.stringify(owner) !== JSON.stringify(this.#owner)
      this.#owner = owner
      for (let after: string | undefined; !this.#closed; ) {
        const summaries = await this.store.list(
          after === undefined ? { limit: ROWS } : { after, limit: ROWS },
        )
        await this.#giveWay()
        after = summaries.at(-1)?.key
        if (after === undefined) break
        for (const summary of summaries) {
          // One that is not shown may have the key of one that was.
          if (!this.only({ definition: summary.service, key: summary.key })) continue
          gone.delete(summary.key)
          const service = await this.#read(summary)
          if (service === undefined) continue
          page.push(service)
          if (page.length < PAGE) continue
          this.#tell({ type: 'stored', services: page, removed: [], complete: false })
          page = []
        }
      }
      if (this.#closed) return
      for (const key of gone) this.#known.delete(key)
      this.#unread.clear()
      this.#looked = true
      this.surroundings.looked?.(true)
      const news = page.length > 0 || gone.size > 0 || isOther || !told || this.#problem !== undefined
      if (this.#problem !== undefined || !told) this.surroundings.failed?.(undefined)
      this.#problem = undefined
      if (news)
        this.#tell({
          type: 'stored',
          services: page,
          removed: [...gone],
          complete: true,
          ...this.#ownerTold(),
        })
    } catch (error) {
      this.surroundings.looked?.(false)
      this.#fail(error, page, gone)
    }
  }

  /** Says once why the store cannot be read, and of which services nobody knows what it holds; it is tried again. */
  #fail(error: unknown, services: readonly StoredService[], missed: ReadonlySet<string>): void {
    if (this.#closed) return
    const problem = problemFrom(error)
    const unread = [...missed].filter((key) => !this.#unread.has(key))
    for (const key of unread) this.#unread.add(key)
    const isKnown = this.#problem?.message === problem.message
    if (isKnown && services.length === 0 && unread.length === 0) return
    this.#problem = problem
    if (!isKnown) this.surroundings.failed?.(error)
    this.#tell({ type: 'stored', services, removed: [], complete: true, problem, unread })
  }

  #ownerTold(): Pick<StoredMessage, 'owner'> {
    return this.#owner === undefined ? {} : { owner: this.#owner }
  }

  /** Of one that was removed and begun anew, the sequences come again. */
  #isNew({ key, service, sequence, epoch, savedAtMs }: CheckpointSummary): boolean {
    const known = this.#known.get(key)
    const isSame = known?.checkpoint === sequence && known.epoch === epoch && known.savedAtMs === savedAtMs
    return !isSame || known.definition !== service
  }

  /** What is told of it, where that is news. What could not be read is tried again: it may have been put right without another commit. */
  async #read(summary: CheckpointSummary): Promise<StoredService | undefined> {
    const { key } = summary
    const known = this.#known.get(key)
    const isNew = this.#isNew(summary) || this.#unread.has(key)
    if (!isNew && known?.damage === undefined) return undefined
    const service = await this.#try(summary)
    await this.#giveWay()
    if (!isNew && service.damage?.message === known?.damage?.message) return undefined
    this.#known.set(key, service)
    this.#unread.delete(key)
    return service
  }

  async #try(summary: CheckpointSummary): Promise<StoredService> {
    try {
      const stored = await this.store.load(summary.key)
      const shown = serviceShown(summary, stored, this.hide)
      if (shown.damage === undefined) return shown
      // What is to be done is another thing where an older one is good.
      const [damage = shown.damage] = damagesIn(
        await this.store.history(summary.key),
        this.surroundings.folder,
      )
      return { ...shown, damage }
    } catch (error) {
      return { ...serviceShown(summary, undefined, this.hide), damage: problemFrom(error) }
    }
  }

  #tell(message: StoredMessage): void {
    const text = JSON.stringify(message)
    for (const watcher of this.#watchers) watcher(text, message.complete)
  }

  #tellAll(tell: Watcher): void {
    const all = [...this.#known.values()]
    for (let at = 0; at === 0 || at < all.length; at += PAGE) {
      const services = all.slice(at, at + PAGE)
      const isLast = at + PAGE >= all.length
      const message: StoredMessage = {
        type: 'stored',
        services,
        removed: [],
        complete: this.#looked && isLast,
        ...(isLast ? this.#ownerTold() : {}),
      }
      const amiss = this.#problem &&
        isLast && { complete: true, problem: this.#problem, unread: [...this.#unread] }
      const whole = { ...message, ...amiss }
      tell(JSON.stringify(whole), whole.complete)
    }
  }
}
