import { StaleEpochError } from '../../../errors/store.js'
import { refused, same } from '../expect.js'
import { afterDeath, type Death, death } from './death.js'
import { commitAll, request } from './requests.js'
import type { StoreCase } from './scene.js'

const ANSWER = 'Answer a commit when it is written, not when the claim is closed: nothing is left to `close`.'
const REMEDIES: Readonly<Record<Death, string>> = {
  before: ANSWER,
  during:
    'Write each checkpoint in one transaction, or under another name first: it is there whole or not at all.',
  after: ANSWER,
}

/** What is there after its owner was killed around a commit. */
export const deathCases: readonly StoreCase[] = (['before', 'during', 'after'] as const).map((at) => ({
  name: `holds all that was acknowledged, whole, when its owner dies ${at} a commit`,
  remedy: REMEDIES[at],
  run: async (scene) => {
    const made = await scene.fresh()
    const owner = await scene.claim(made.store)
    await commitAll(owner, 'a', [1, 2])
    await commitAll(owner, 'b', [1])
    const { epoch } = owner
    const batch = [request('a', 3), request('b', 2), request('c', 1)]
    const afterlife = await death(scene, made, owner, batch, at)
    const { claim } = afterlife
    for (const one of batch) {
      const older = Array.from({ length: one.sequence - 1 }, (_, index) => request(one.key, index + 1))
      const before = older.reverse().map((request) => ({ ...request, epoch }))
      const [newest] = await afterDeath(afterlife, at, one.key, [before, [{ ...one, epoch }, ...before]])
      await commitAll(claim, one.key, [(newest?.sequence ?? 0) + 1])
      same((await claim.load(one.key))?.epoch, claim.epoch, 'the epoch of what the next owner writes')
    }
    await refused(owner.commit([request('d', 1)]), StaleEpochError, {}, 'a commit of the dead one, who wakes')
  },
}))
