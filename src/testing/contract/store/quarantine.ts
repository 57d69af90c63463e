import { SequenceError } from '../../../errors/store.js'
import { holds, isError, same } from '../expect.js'
import { accepted, commitAll, request } from './requests.js'
import type { StoreCase } from './scene.js'

const sequencesOf = (checkpoints: readonly { readonly sequence: number }[]) =>
  checkpoints.map(({ sequence }) => sequence)

/** What is set aside, and what is deleted. */
export const quarantineCases: readonly StoreCase[] = [
  {
    name: 'makes the one before the newest',
    remedy: 'Move the checkpoint to the quarantine as it is; load, history and list show the one before.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1, 2])
      const damaged = request('a', 3, { text: 'damaged', phase: 'paused', wakeAtMs: 9 })
      accepted(await claim.commit([damaged]))
      await claim.quarantine('a', 3, 'wrong checksum')

      const { epoch } = claim
      const { text, ...before } = request('a', 2)
      same(await claim.load('a'), { ...before, text, epoch }, 'load')
      same(sequencesOf(await claim.history('a')), [2, 1], 'the history')
      same(await claim.list(), [{ ...before, epoch, size: text.length }], 'the list')
      const aside = await claim.quarantined()
      const quarantinedAtMs = aside[0]?.quarantinedAtMs
      const reason = 'wrong checksum'
      same(aside, [{ ...damaged, epoch, reason, quarantinedAtMs }], 'the quarantine')
      holds((quarantinedAtMs ?? 0) > 1_600_000_000_000, 'The quarantine’s time is none in ms since 1970')
    },
  },
  {
    name: 'lets the sequence go on from the one before',
    remedy: 'The sequence to come is the newest that is left plus 1; one that was set aside comes again.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1, 2, 3, 4])
      await claim.quarantine('a', 4, 'bad')
      const [ahead] = await claim.commit([request('a', 5)])
      const error = ahead?.ok === false ? ahead.error : undefined
      isError(error, SequenceError, { storedSequence: 3 }, 'sequence 5 after 4 was set aside')
      await commitAll(claim, 'a', [4, 5])
      same(sequencesOf(await claim.history('a')), [5, 4, 3], 'the history')
    },
  },
  {
    name: 'takes the same sequence aside twice',
    remedy:
      'Keep both: a sequence is no key of the quarantine. In a reason, U+FFFD stands for what cannot be kept.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1, 2])
      await claim.quarantine('a', 2, 'first')
      await commitAll(claim, 'a', [2])
      await claim.quarantine('a', 2, 'second: \0 and \ud83d')
      const reasons = (await claim.quarantined()).map(({ reason }) => reason)
      same(reasons.sort(), ['first', 'second: \uFFFD and \uFFFD'], 'the reasons')
    },
  },
  {
    name: 'forgets the key with its last checkpoint',
    remedy: 'A key whose checkpoints are all set aside is not stored, and begins with sequence 1.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1])
      await claim.quarantine('a', 1, 'bad')
      same(await claim.load('a'), undefined, 'load')
      same(await claim.history('a'), [], 'history')
      same(await claim.list(), [], 'list')
      await commitAll(claim, 'a', [1])
      same((await claim.load('a'))?.sequence, 1, 'the sequence after another beginning')
    },
  },
  {
    name: 'sets an older one aside without touching the newest',
    remedy: 'Take out this sequence alone, wherever it stands in the history.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1, 2, 3])
      await claim.quarantine('a', 2, 'bad')
      same(sequencesOf(await claim.history('a')), [3, 1], 'the history')
      await commitAll(claim, 'a', [4])
      same((await claim.load('a'))?.sequence, 4, 'the newest')
    },
  },
  {
    name: 'does nothing where there is nothing',
    remedy: 'What is not stored can be set aside and removed: both resolve.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1])
      await claim.quarantine('a', 2, 'bad')
      await claim.quarantine('b', 1, 'bad')
      await claim.remove('b')
      same(await claim.quarantined(), [], 'the quarantine')
      same((await claim.load('a'))?.sequence, 1, 'the newest')
    },
  },
  {
    name: 'keeps what was set aside through later claims, until its key is removed',
    remedy:
      'Store the quarantine as durably as the checkpoints; `remove` alone deletes from it, and of one key.',
    run: async (scene) => {
      const { store, again } = await scene.fresh()
      const first = await scene.claim(store)
      for (const key of ['a', 'b']) {
        await commitAll(first, key, [1, 2])
        await first.quarantine(key, 2, 'bad')
      }
      await first.close()
      const second = await scene.claim(again())
      const aside = async () => (await second.quarantined()).map(({ key }) => key).sort()
      same(await aside(), ['a', 'b'], 'the quarantine of another claim')
      await second.remove('a')
      same(await aside(), ['b'], 'the quarantine after the removal of a')
      same(await second.history('a'), [], 'the history of a')
      const listed = (await second.list()).map(({ key }) => key)
      same(listed, ['b'], 'the list')
      await commitAll(second, 'a', [1])
    },
  },
]
