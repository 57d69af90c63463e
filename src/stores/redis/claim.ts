import { SequenceError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../../ports/store.js'
import { toColumn } from '../key-order.js'
import { checkKey, keepable, requestError } from '../keys.js'
import { latch } from '../latch.js'
import { lost } from '../lost.js'
import type { Connection } from './connection.js'
import { failureOf } from './failures.js'
import type { Places } from './places.js'
import { readerOf } from './reader.js'
import { summaryText, whyText } from './records.js'
import { COMMIT, QUARANTINE, RELEASE, REMOVE, RENEW, type Script } from './scripts.js'

const ACCEPTED: CommitOutcome = { ok: true }

/** What a claim is made of. */
export interface ClaimParts {
  readonly connection: Connection
  readonly places: Places
  readonly location: string
  readonly epoch: number
  /** That of no other claim, where a server that has gone back gives the same epoch again. */
  readonly token: string
  readonly keep: number
  /** How long the lock lasts without a sign of life, in ms. */
  readonly lockMs: number
  readonly now: () => number
  /** Ends the connection. */
  readonly end: () => void
}

/** The claim of an owner that has its epoch. */
export function claimOf({
  connection,
  places,
  location,
  epoch,
  token,
  keep,
  lockMs,
  now,
  end,
}: ClaimParts): StoreClaim {
  const { owner, lock, index, asides } = places
  const { check, close } = latch(location)
  /** Numbers of the writes: of the last one, and of the last one that the server has told to be done. */
  let written = 0
  let acknowledged = 0
  /** What is written, one after another. */
  let last: Promise<unknown> = Promise.resolve()

  // A renewal that fails is followed by the next one, and every write renews as well.
  const renewal = setInterval(() => {
    connection.once(RENEW, [owner, lock], [epoch, token, lockMs]).then(
      (kept) => {
        if (kept === 0) clearInterval(renewal)
      },
      () => {},
    )
  }, lockMs / 3)
  renewal.unref()

  /** Runs a script that writes when all before it is over, once, however often it is asked for; gives its answer. */
  function write(
    script: Script,
    keys: readonly string[],
    values: readonly (string | number)[],
    key?: string,
  ): Promise<string> {
    const number = ++written
    const turn = last.then(async () => {
      const turnValues = [epoch, token, number, acknowledged, lockMs]
      const reply = await connection.run(script, [owner, lock, index, ...keys], [...turnValues, ...values])
      // The cast says what the scripts return.
      const [word, answer] = reply as ['done' | 'lost', string]
      if (word === 'lost') throw lost(location, epoch, Number(answer))
      acknowledged = number
      return answer
    })
    last = turn.catch(() => {})
    return turn.catch((cause) => {
      throw failureOf(location, cause, key)
    })
  }

  return {
    ...readerOf(connection, places, location, check),
    epoch,
    async commit(batch) {
      check()
      if (batch.length === 0) return []
      const errors = batch.map(requestError)
      const requests = batch.filter((_, at) => errors[at] === undefined)
      const answer = await write(
        COMMIT,
        requests.map(({ key }) => places.at(key)),
        [keep, ...requests.flatMap((one) => valuesOf(one, epoch))],
      )
      const stored = answer.split(',')
      let at = 0
      return batch.map((request, index): CommitOutcome => {
        const error = errors[index] ?? refusal(request, stored[at++] ?? '')
        return error === undefined ? ACCEPTED : { ok: false, error }
      })
    },
    async quarantine(key, sequence, reason) {
      check()
      checkKey(key)
      const values = [toColumn(key), key, sequence, whyText(keepable(reason), now())]
      await write(QUARANTINE, [places.at(key), places.aside(key), asides], values, key)
    },
    async remove(key) {
      check()
      checkKey(key)
      await write(REMOVE, [places.at(key), places.aside(key), asides], [toColumn(key), key], key)
    },
    async close() {
      if (!close()) return
      clearInterval(renewal)
      await last
      // A lock that cannot be given back ends by itself.
      await connection.once(RELEASE, [owner, lock], [epoch, token]).catch(() => {})
      end()
    },
  }
}

function valuesOf(request: CommitRequest, epoch: number): (string | number)[] {
  const { key, sequence, text } = request
  return [toColumn(key), sequence, summaryText({ ...request, epoch }), text]
}

function refusal({ key, service, sequence }: CommitRequest, stored: string): SequenceError | undefined {
  return stored === '' ? undefined : new SequenceError(sequence, Number(stored), { key, service })
}
