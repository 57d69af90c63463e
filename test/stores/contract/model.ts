import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { QuarantinedCheckpoint, StoreClaim, StoredCheckpoint } from '../../../src/ports/store.js'
import type { MakeStore, StoreUnderTest } from '../contract.js'
import { accepted, request } from './harness.js'

const KEEP = 3

type Step =
  | { readonly do: 'commit'; readonly keys: readonly string[] }
  | { readonly do: 'quarantine'; readonly key: string; readonly back: number }
  | { readonly do: 'remove'; readonly key: string }
  | { readonly do: 'reopen' }

const key = fc.constantFrom('a', 'b', 'B', '\uFFFD', '🐻')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('commit' as const), keys: fc.array(key, { maxLength: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('quarantine' as const), key, back: fc.nat({ max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
)

/** What a store must hold, in the simplest words. */
class Model {
  readonly kept = new Map<string, StoredCheckpoint[]>()
  quarantined: StoredCheckpoint[] = []

  async run(what: Step, claim: StoreClaim): Promise<void> {
    if (what.do === 'commit') {
      const batch = what.keys.map((one) => {
        const older = this.kept.get(one) ?? []
        const checkpoint = { ...request(one, (older[0]?.sequence ?? 0) + 1), epoch: claim.epoch }
        this.kept.set(one, [
          checkpoint,
          ...older.filter(({ sequence }) => sequence > checkpoint.sequence - KEEP),
        ])
        return checkpoint
      })
      accepted(await claim.commit(batch.map(({ epoch: _, ...rest }) => rest)))
    }
    if (what.do === 'quarantine') {
      const kept = this.kept.get(what.key) ?? []
      const sequence = (kept[0]?.sequence ?? 0) - what.back
      await claim.quarantine(what.key, sequence, 'bad')
      this.quarantined.push(...kept.filter((one) => one.sequence === sequence))
      this.kept.set(
        what.key,
        kept.filter((one) => one.sequence !== sequence),
      )
    }
    if (what.do === 'remove') {
      await claim.remove(what.key)
      this.kept.delete(what.key)
      this.quarantined = this.quarantined.filter((one) => one.key !== what.key)
    }
  }

  async compare(claim: StoreClaim): Promise<void> {
    const keys = [...this.kept.keys()].filter((one) => (this.kept.get(one) ?? []).length > 0).sort()
    const list = await claim.list()
    expect(list.map((summary) => summary.key)).toEqual(keys)
    for (const [one, kept] of this.kept) {
      expect(await claim.history(one)).toEqual(kept)
      expect(await claim.load(one)).toEqual(kept[0])
      const size = kept[0]?.text.length
      expect(list.find((summary) => summary.key === one)?.size).toBe(size)
    }
    const aside = (await claim.quarantined()).map(facts).sort()
    expect(aside).toEqual(this.quarantined.map(facts).sort())
  }
}

function facts(checkpoint: StoredCheckpoint | QuarantinedCheckpoint): string {
  return JSON.stringify([checkpoint.key, checkpoint.sequence, checkpoint.epoch, checkpoint.text])
}

async function play(made: StoreUnderTest, steps: readonly Step[]): Promise<void> {
  const model = new Model()
  let claim = await made.store.claim()
  try {
    for (const what of steps) {
      if (what.do === 'reopen') {
        await claim.close()
        claim = await made.again().claim()
      }
      await model.run(what, claim)
      await model.compare(claim)
    }
  } finally {
    await claim.close()
  }
}

export function modelCases(make: MakeStore): void {
  it('does what the model does, whatever the steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const made = await make({ keep: KEEP })
        try {
          await play(made, steps)
        } finally {
          await made.dispose()
        }
      }),
      { numRuns: 25 },
    )
  })
}
