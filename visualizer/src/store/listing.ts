import { signal } from '@preact/signals'
import { type Service, type Standing, type Summary, summaryOf } from './service.js'

/** Services whose place in the list is made at once: of the first look at ten thousand nobody waits for all. */
const LISTED_AT_ONCE = 1000

/** The list of services, with what it tells of each: it is brought up to date by `publish` alone, in parts where that is much. */
export class Listing {
  /** The services that are listed, by key; a new list when some have come or gone. */
  readonly members = signal<readonly Service[]>([])
  /** Of what has not changed since somebody has asked. */
  readonly #summaries = new Map<Service, Summary>()
  /** What the list tells of each service, and of which it has to be told anew. */
  readonly #listed = new Map<Service, Summary>()
  readonly #unlisted = new Set<Service>()
  #isOther = false

  constructor(private readonly standingOf: (service: Service) => Standing) {}

  /** What there is to tell of a service now. */
  summary(service: Service): Summary {
    let summary = this.#summaries.get(service)
    if (summary === undefined) {
      summary = summaryOf(service, this.standingOf(service))
      this.#summaries.set(service, summary)
    }
    return summary
  }

  /** What the list tells of a service that is in it: of a part that is not told yet, what it told before. */
  listed(service: Service): Summary {
    return this.#listed.get(service) ?? this.summary(service)
  }

  /** Something of it has changed, or it has come. */
  touch(service: Service): void {
    this.#unlisted.add(service)
    this.#summaries.delete(service)
  }

  forget(service: Service): void {
    this.#unlisted.delete(service)
    this.#summaries.delete(service)
    this.#isOther = this.#listed.delete(service) || this.#isOther
  }

  /** Brings the list up to date, or a part of it. Returns whether there is more, for the next time. */
  publish(): boolean {
    let left = LISTED_AT_ONCE
    for (const service of this.#unlisted) {
      if (left-- === 0) break
      this.#unlisted.delete(service)
      this.#isOther ||= !this.#listed.has(service)
      this.#listed.set(service, this.summary(service))
    }
    if (this.#isOther) this.members.value = [...this.#listed.keys()].sort(byKey)
    this.#isOther = false
    return this.#unlisted.size > 0
  }
}

function byKey(a: Service, b: Service): number {
  if (a.sortKey === b.sortKey) return a.key < b.key ? -1 : 1
  return a.sortKey < b.sortKey ? -1 : 1
}
