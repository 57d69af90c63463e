import { TardigradeError } from '../../../errors/base.js'
import { StoreFailedError, StoreFullError, StoreNotWritableError } from '../../../errors/store.js'
import type { CommitOutcome, StoreClaim } from '../../../ports/store.js'
import { holds, inWords, same } from '../expect.js'
import { kept } from './death.js'
import { accepted, commitAll, request } from './requests.js'
import type { StoreCase, StoreScene } from './scene.js'

/** What is cleaned up after something may fail unnoticed, so that it goes through before its last write. */
const LEAST_WRITES = 8

/** Nobody needs more for two checkpoints. */
const MOST_WRITES = 200

/** After these the caller goes on from what was stored before. */
const NOTHING_WRITTEN = [StoreFullError, StoreNotWritableError, StoreFailedError]

/** What was told of something that the medium may have refused. */
interface Told<T> {
  readonly answer?: T
  readonly error?: unknown
}

async function told<T>(run: Promise<T>): Promise<Told<T>> {
  return run.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
}

/** @throws {Unmet} the medium has failed, and what is told of that says nothing of what to do */
function isTyped(error: unknown, what: string): void {
  holds(
    error instanceof TardigradeError,
    `${what} ends in ${inWords(error)}, and must be refused with a StoreFullError, StoreNotWritableError, StoreFailedError, or another of this library`,
  )
}

/**
 * Has each write of something refused in turn, until it goes through.
 * @param what for people
 * @param attempt says whether it went through although the medium fails after so many writes
 * @throws {Unmet} the medium does not fail, or fails for ever
 */
async function eachWrite(
  what: string,
  attempt: (writes: number, at: string) => Promise<boolean>,
): Promise<void> {
  for (let writes = 0; ; writes++) {
    const whole = await attempt(writes, `${what} whose medium fails after ${writes} writes`)
    holds(
      writes > 0 || !whole,
      `${what} goes through after \`failWrites(0)\`: it did not fail, and must refuse each write from the first one on`,
    )
    if (whole && writes >= LEAST_WRITES) return
    holds(
      writes < MOST_WRITES,
      `${what} still fails after \`failWrites(${MOST_WRITES})\`, which must let so many writes through`,
    )
  }
}

/** Has something done while the medium fails, and another owner look at what is there when it works again. */
async function whileItFails<T>(
  scene: StoreScene,
  writesBefore: number,
  act: (claim: StoreClaim) => Promise<T>,
): Promise<Told<T> & { readonly before: StoreClaim; readonly next: StoreClaim }> {
  const made = await scene.fresh()
  const before = await scene.claim(made.store)
  // As many as a key keeps: the next one makes room.
  await commitAll(before, 'a', [1, 2, 3])
  await commitAll(before, 'b', [1])
  const heal = await made.failWrites(writesBefore)
  const came = await told(act(before)).finally(() => heal())
  await made.loseLock()
  return { ...came, before, next: await scene.claim(made.again()) }
}

/** What is there when the medium did not take what was to be written. */
export const failingCases: readonly StoreCase[] = [
  {
    name: 'keeps the last good checkpoint where its medium fails in a commit, and says so',
    remedy:
      'Reject, or answer the request, with the error of what the medium threw, and delete nothing before the new checkpoint is there.',
    needs: ['failWrites'],
    run: async (scene) => {
      const batch = [request('a', 4), request('b', 2)]
      await eachWrite('a commit', async (writes, at) => {
        const { answer, error, before, next } = await whileItFails(scene, writes, (claim) =>
          claim.commit(batch),
        )
        if (answer === undefined) isTyped(error, at)
        const nothing = NOTHING_WRITTEN.some((kind) => error instanceof kind)
        for (const [index, one] of batch.entries()) {
          const outcome: CommitOutcome | undefined = answer?.[index]
          if (outcome?.ok === false) isTyped(outcome.error, at)
          const earlier = Array.from({ length: one.sequence - 1 }, (_, i) => one.sequence - 1 - i)
          const old = earlier.map((sequence) => ({ ...request(one.key, sequence), epoch: before.epoch }))
          const all = kept([{ ...one, epoch: before.epoch }, ...old])
          const found = await next.history(one.key)
          const refused = outcome === undefined ? nothing : !outcome.ok
          const isThere = outcome?.ok ?? (!refused && found[0]?.sequence === one.sequence)
          same(found, isThere ? all : old, `the history of ${one.key} after ${at}`)
          accepted(await next.commit([request(one.key, (found[0]?.sequence ?? 0) + 1)]))
        }
        return answer?.every(({ ok }) => ok) === true
      })
    },
  },
  {
    name: 'loses nothing where its medium fails as a checkpoint is set aside',
    remedy: 'Write the checkpoint into the quarantine before it is deleted, or both in one transaction.',
    needs: ['failWrites'],
    run: async (scene) => {
      await eachWrite('a quarantine', async (writes, at) => {
        const { error, next } = await whileItFails(scene, writes, (claim) => claim.quarantine('a', 3, 'bad'))
        if (error !== undefined) isTyped(error, at)
        const history = await next.history('a')
        const aside = (await next.quarantined()).filter(({ key }) => key === 'a')
        const there = new Set([...history, ...aside].map(({ text }) => text))
        same([...there].sort(), ['a at 1', 'a at 2', 'a at 3'], `all that is there of a after ${at}`)
        if (error === undefined) same(aside.length, 1, `how many are set aside after ${at}, which resolved`)
        accepted(await next.commit([request('a', (history[0]?.sequence ?? 0) + 1)]))
        return error === undefined
      })
    },
  },
]
