import { signal } from '@preact/signals'
import type {
  IncarnationMessage,
  Problem,
  StoredMessage,
  StoreOwnerShown,
} from '../../../src/inspect/stream/message.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import {
  isNewer,
  isNewestTold,
  newestTold,
  type Owned,
  type Service,
  type Standing,
  type StoreWord,
} from './service.js'

/** The page's services, for who knows what is kept of them. */
interface Page {
  readonly services: ReadonlyMap<string, Service>
  readonly incarnations: ReadonlyMap<string, IncarnationMessage>
  isLive(service: Service): boolean
  guestOf(service: Service): IncarnationMessage['guest']
  /** The one of this key, made where there is none. */
  serviceOf(key: string): Service
  /** Something of it has changed. */
  touch(service: Service): void
  forget(service: Service): void
}

/** What the services' store holds on its disk, as `stored` tells it, beside what processes tell. */
export class Kept {
  /** Why the store cannot be read, or not all of it, as the server says. */
  readonly problem = signal<Problem | undefined>(undefined)
  /** The process that has the store, where another one shows it. */
  readonly owner = signal<StoreOwnerShown | undefined>(undefined)
  /** Whether this connection has told all that there was as it began; a server with much to read takes its time. */
  readonly isTold = signal(false)
  /** Whether a trace has come to its end: what it has not told of the store, nothing tells. */
  #isEnded = false
  /** Keys of what the store holds, while a connection tells it for the first time. */
  #anew: Set<string> | undefined
  /** Whether all of it was told: what is not there then is not stored. */
  #isKnown = false

  constructor(private readonly page: Page) {}

  /** A connection begins, which will tell all of it. */
  begin(): void {
    this.#anew = new Set()
    this.isTold.value = false
  }

  /** A trace has come to its end. */
  end(): void {
    this.#isEnded = true
    for (const service of this.page.services.values()) this.page.touch(service)
  }

  hear({ services, removed, complete, problem, owner, unread = [] }: StoredMessage): void {
    for (const stored of services) {
      const service = this.page.serviceOf(stored.key)
      // Of a process that does not record, this alone tells it.
      if (service.stored?.phase !== stored.phase || service.stored.epoch !== stored.epoch)
        service.changedAtMs = Math.max(service.changedAtMs, stored.savedAtMs)
      service.stored = stored
      service.isUnread = false
      this.#anew?.add(stored.key)
      this.page.touch(service)
    }
    for (const key of unread) {
      const service = this.page.services.get(key)
      if (service !== undefined) service.isUnread = true
    }
    // What another connection was told of, and this one is not, is stored no more.
    const lost = complete && problem === undefined ? this.#endLook() : []
    for (const key of [...removed, ...lost]) {
      const service = this.page.services.get(key)
      if (service === undefined) continue
      service.stored = undefined
      service.isUnread = false
      this.page.touch(service)
      // What is known of its history stays.
      if (service.moments.length === 0) this.page.forget(service)
    }
    if (!complete) return
    this.#judge(problem, owner)
    this.isTold.value = true
  }

  /** How a service stands beside what was recorded of it. */
  standingOf(service: Service): Standing {
    return {
      live: this.page.isLive(service),
      word: this.#wordOf(service),
      isOutdated: this.isOutdated(service),
      owned: this.#ownedOf(service),
    }
  }

  /** The kill to come at a state of a service now: as its recording tells, or its process itself where it does not record. */
  armedOf(service: Service): ServiceState['armed'] {
    const told = this.owner.value?.armed?.find(({ key }) => key === service.key)
    return this.page.isLive(service) ? service.state?.armed : told
  }

  /** Whether nobody knows what the store holds of it, since the store cannot be read. */
  isUnreadable(service: Service): boolean {
    if (this.problem.value === undefined || this.page.guestOf(service) !== undefined) return false
    return service.stored === undefined || service.isUnread
  }

  /** Whether the store is older than what was recorded of it: a newer owner has committed it than the store has heard of, its last one a newer checkpoint, or an earlier one, with which nobody has gone on. */
  isAhead(service: Service): boolean {
    const { key, stored, incarnation = '' } = service
    const { older, behind = [], epoch = 0, own, claimedAtMs = 0 } = this.owner.value ?? {}
    if (older === undefined) return false
    const { epoch: recorded = 0, checkpoint } = newestTold(service)
    // Of the owner before whoever tells this of its own store, which has claimed it since.
    const last = own === true ? epoch - 1 : epoch
    if (own === true) {
      // Epochs of what was lost come again: what the owner has recorded itself it has not lost.
      const { startedAtMs = 0 } = this.page.incarnations.get(incarnation) ?? {}
      if (startedAtMs >= claimedAtMs) return false
    }
    if (recorded !== last) return recorded > last || behind.includes(key)
    const { epoch: held = 0, checkpoint: newest = 0 } = stored ?? {}
    return held < recorded || (held === recorded && newest < checkpoint)
  }

  /** Whether somebody has claimed the store since its newest commit was recorded, and the store does not have that: it was restored, or begun anew. */
  #isLost(service: Service): boolean {
    const { stored, committedAtMs = Number.POSITIVE_INFINITY } = service
    const { claimedAtMs = 0, own } = this.owner.value ?? {}
    return !isNewestTold(stored, service) && own !== true && claimedAtMs > committedAtMs
  }

  /** Whether the store has a checkpoint of it that is newer than all that was recorded, if anything was: what came after was not inspected. */
  isOutdated(service: Service): boolean {
    const { stored, state } = service
    if (stored === undefined || stored.damage !== undefined || this.page.isLive(service)) return false
    return (
      !this.isUnreadable(service) &&
      (state === undefined || isNewer(stored, service) || this.#isLost(service))
    )
  }

  #wordOf(service: Service): StoreWord {
    if (this.isUnreadable(service)) return 'unreadable'
    if (this.isAhead(service)) return 'older'
    if (this.#isKnown) return 'known'
    return this.#isEnded ? 'untold' : 'unknown'
  }

  #ownedOf(service: Service): Owned {
    const owner = this.owner.value
    if (owner?.exists !== true || owner.own === true || this.page.isLive(service)) return 'no'
    // What the owner has recorded itself it has recorded to its end.
    if (service.stored?.epoch === owner.epoch)
      return service.state?.commit?.epoch === owner.epoch && !this.isOutdated(service) ? 'no' : 'yes'
    return this.isShown(owner) ? 'no' : 'perhaps'
  }

  /** Whether the process that has the store shows itself, with all that it has but what `only` leaves out. */
  isShown(owner: StoreOwnerShown): boolean {
    return [...this.page.incarnations.values()].some(
      ({ live, guest, pid }) => live && guest === undefined && pid === owner.pid,
    )
  }

  /** A look through the store has come to its end, well or not: what that says of each service is another thing. */
  #judge(problem: Problem | undefined, owner: StoreOwnerShown | undefined): void {
    const [was, before] = [this.problem.peek(), this.owner.peek()]
    this.problem.value = problem
    // Who has it is not known either where it cannot be read.
    if (problem === undefined) this.owner.value = owner
    const isSameOwner =
      before?.older?.message === owner?.older?.message &&
      (['epoch', 'pid', 'exists', 'requests'] as const).every((fact) => before?.[fact] === owner?.[fact])
    const isSameArmed = JSON.stringify(before?.armed) === JSON.stringify(this.owner.value?.armed)
    if (problem === undefined && was === undefined && isSameOwner && isSameArmed) return
    // Of one that is gone, nothing was taken back.
    if (!isSameArmed && owner?.exists === true && owner.pid === (before ?? owner).pid)
      for (const { key } of [...(before?.armed ?? []), ...(owner.armed ?? [])]) {
        const service = this.page.services.get(key)
        if (service !== undefined && !this.page.isLive(service))
          service.armed = { state: this.armedOf(service)?.state, atMs: Date.now() }
      }
    for (const service of this.page.services.values()) this.page.touch(service)
  }

  /** All that is stored has been told: what of the rest there was before. */
  #endLook(): readonly string[] {
    const told = this.#anew
    this.#anew = undefined
    if (told === undefined) return []
    this.#isKnown = true
    for (const service of this.page.services.values()) this.page.touch(service)
    return [...this.page.services.values()]
      .filter(({ key, stored }) => stored !== undefined && !told.has(key))
      .map(({ key }) => key)
  }
}
