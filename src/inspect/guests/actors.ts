import type { Shown } from '../shown.js'
import type { Path } from '../stream/entry.js'

/** An actor of a guest. */
export interface GuestActor {
  readonly session: string
  readonly parent: GuestActor | undefined
  /** Key of the service as which its root is shown. */
  readonly key: string
  readonly path: Path
  /** Whether the parent's snapshot has named it as a child: when it does no more, it has ended. */
  named: boolean
  shown: Shown
}

/** How many that have ended are remembered. */
const MOST_ENDED = 1000

/** The actors of one guest, by their sessions. */
export class GuestActors {
  readonly #bySession = new Map<string, GuestActor>()
  readonly #ended = new Set<string>()

  get count(): number {
    return this.#bySession.size
  }

  get(session: string): GuestActor | undefined {
    return this.#bySession.get(session)
  }

  /** Whether it was here, and is no more. */
  hasEnded(session: string): boolean {
    return this.#ended.has(session)
  }

  add(actor: GuestActor): void {
    this.#ended.delete(actor.session)
    this.#bySession.set(actor.session, actor)
  }

  /** The last id of an actor's path: its name, which another child of the same parent may have already. */
  freeName(name: string, parent: GuestActor): string {
    const taken = new Set(this.childrenOf(parent).map(({ path }) => path.at(-1)))
    let free = name
    for (let at = 2; taken.has(free); at++) free = `${name}~${at}`
    return free
  }

  childrenOf(parent: GuestActor): readonly GuestActor[] {
    return [...this.#bySession.values()].filter((actor) => actor.parent === parent)
  }

  roots(): readonly GuestActor[] {
    return [...this.#bySession.values()].filter(({ parent }) => parent === undefined)
  }

  /** Forgets an actor with what stands under it: the lowest first. */
  remove(actor: GuestActor): readonly GuestActor[] {
    const gone = [...this.childrenOf(actor).flatMap((child) => this.remove(child)), actor]
    this.#bySession.delete(actor.session)
    this.#ended.add(actor.session)
    const [oldest] = this.#ended.size > MOST_ENDED ? this.#ended : []
    if (oldest !== undefined) this.#ended.delete(oldest)
    return gone
  }
}
