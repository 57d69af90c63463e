import { expect, onTestFinished, test } from 'vitest'
import type { StoreClaim } from '../../src/ports/store.js'
import { claimFiles } from '../../src/stores/file-claim.js'
import { placesOf } from '../../src/stores/file-io.js'
import { resolveOptions } from '../../src/stores/options.js'
import { commitAll, request } from '../../src/testing/contract/store/requests.js'
import { Disk } from '../deep/disk/disk.js'
import { mount } from '../deep/disk/mount.js'

/*
 * An owner stands still before some call of the file system, and goes on when another has taken the store. It can put nothing into a
 * place any more and take nothing out of one, is told that it is stale, and leaves alone what the other one has found.
 */

/** An owner, and what has another one claim the store right before its next call but so many of this name. */
async function twoOwners() {
  const { root, calls, unmount } = mount(new Disk())
  onTestFinished(unmount)
  const claim = () =>
    claimFiles(placesOf(root), { release: () => {} }, resolveOptions('fileStore', { now: () => 1 }))
  const frozen = await claim()
  return {
    frozen,
    before(name: 'rename' | 'rm' | 'open', nth: number): Promise<StoreClaim> {
      const real = calls[name].bind(calls) as (...args: unknown[]) => Promise<never>
      return new Promise((resolve) => {
        let count = 0
        calls[name] = async (...args: unknown[]) => {
          if (++count === nth) resolve(await claim())
          return real(...args)
        }
      })
    },
  }
}

test.each([
  ['rename', 1, 0],
  ['rename', 2, 1],
  ['open', 1, 0],
  ['open', 2, 0],
] as const)(
  'an owner that stood still before its %s %i is told that it is stale, and takes nothing back',
  async (name, nth, found) => {
    const { frozen, before } = await twoOwners()
    const taken = before(name, nth)
    await expect(frozen.commit([request('a', 1), request('b', 1)])).rejects.toMatchObject({
      code: 'STALE_EPOCH',
      currentEpoch: 2,
    })
    const owner = await taken
    if (found === 0) return commitAll(owner, 'a', [1])
    expect(await owner.load('a')).toMatchObject({ sequence: 1, epoch: 1 })
    await commitAll(owner, 'a', [2])
  },
)

test('so is one that was setting a checkpoint aside', async () => {
  const { frozen, before } = await twoOwners()
  await commitAll(frozen, 'a', [1])
  const taken = before('rename', 1)
  await expect(frozen.quarantine('a', 1, 'damaged')).rejects.toMatchObject({ code: 'STALE_EPOCH' })
  expect(await (await taken).load('a')).toMatchObject({ sequence: 1 })
})

test('so is one that was removing a key, which the other one still has', async () => {
  const { frozen, before } = await twoOwners()
  await commitAll(frozen, 'a', [1])
  const taken = before('rename', 1)
  await expect(frozen.remove('a')).rejects.toMatchObject({ code: 'STALE_EPOCH' })
  expect(await (await taken).load('a')).toMatchObject({ sequence: 1 })
})
