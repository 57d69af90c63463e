import { SequenceError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../../ports/store.js'
import { inLine } from '../in-line.js'
import { toColumn } from '../key-order.js'
import { checkKey, keepable, requestError } from '../keys.js'
import { latch } from '../latch.js'
import type { Connection } from './connection.js'
import { failureOf, isAway } from './failures.js'
import type { Places } from './places.js'
import { readerOf } from './reader.js'
import { summaryText, whyText } from './records.js'
import { COMMIT, QUARANTINE, RELEASE, REMOVE, type Script } from './scripts.js'
import { type Claimed, Standing } from './standing.js'

const ACCEPTED: CommitOutcome = { ok: true }

/** What a claim is made of. */
export interface ClaimParts {
  readonly connection: Connection
  readonly places: Places
  readonly location: string
  readonly claimed: Claimed
  readonly keep: number
  readonly now: () => number
  /** Ends the connection. */
  readonly end: () => void
}

/** The claim of an owner that has its epoch. */
export function claimOf({ connection, places, location, claimed, keep, now, end }: ClaimParts): StoreClaim {
  const { epoch, token, lockMs } = claimed
  const { owner, lock, index, asides } = places
  const closing = latch(location)
  const standing = new Standing(connection, places, claimed, location)
  const check = () => {
    closing.check()
    standing.check()
  }
  /** Numbers of the writes: of the last one, and of the last one that the server has told to be done. */
  let written = 0
  let acknowledged = 0
  const writing = inLine(isAway)

  /** Runs a script that writes when all before it is over, once, however often it is asked for; gives its answer. */
  function write(
    script: Script,
    keys: readonly string[],
    values: readonly (string | number)[],
    key?: string,
  ): Promise<string> {
    const number = ++written
    const turn = writing.run(async () => {
      const turnValues = [epoch, token, number, acknowledged, lockMs]
      const reply = await connection.run(script, [owner, lock, index, ...keys], [...turnValues, ...values])
      const answer = standing.answerOf(reply)
      acknowledged = number
      return answer
    })
    return turn.catch((cause) => {
      throw failureOf(location, cause, key)
    })
  }

  return {
    ...readerOf(connection, places, location, check),
    epoch,
    lost: standing.lost,
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
      if (!closing.close()) return
      standing.end()
      await writing.over()
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
