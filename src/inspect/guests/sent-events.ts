import { typeIn } from './reading.js'

/** Events from here that are remembered until the guest tells of them. */
const MOST_SENT = 100

interface Sent {
  readonly session: string
  readonly type: string
  /** Is told whether the event has changed anything. */
  came(changed: boolean): void
}

/** What was sent to a guest from here: its protocol says of such an event that the actor which took it has sent it, too. */
export class SentEvents {
  readonly #sent: Sent[] = []
  /** Of those that the guest has told of, the ones of which it has not told yet what came of them. */
  readonly #taken: Sent[] = []

  /** An event is sent to the actor of this session; `came` is told whether it has changed anything, if the guest says so. */
  note(session: string, event: unknown, came: Sent['came'] = () => {}): void {
    add(this.#sent, { session, type: typeIn(event), came })
  }

  /** Whether an event that the guest tells of is one from here, of which it had not told yet. */
  take(session: string, source: string | undefined, event: unknown): boolean {
    const sent = source === session ? remove(this.#sent, session, typeIn(event)) : undefined
    if (sent !== undefined) add(this.#taken, sent)
    return sent !== undefined
  }

  /** The guest tells what has come of an event of this type. */
  settle(session: string, type: string, changed: boolean): void {
    remove(this.#taken, session, type)?.came(changed)
  }
}

function add(list: Sent[], sent: Sent): void {
  list.push(sent)
  if (list.length > MOST_SENT) list.shift()
}

function remove(list: Sent[], session: string, type: string): Sent | undefined {
  const at = list.findIndex((sent) => sent.session === session && sent.type === type)
  return at === -1 ? undefined : list.splice(at, 1)[0]
}
