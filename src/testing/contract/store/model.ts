import type { Arbitrary } from 'fast-check'
import type { FastCheck } from '../../fast-check.js'
import type { Death } from './death.js'
import { Player } from './player.js'
import { KEEP, type StoreCase } from './scene.js'

/** A command to a store. */
export type StoreStep =
  | { readonly do: 'commit'; readonly keys: readonly string[] }
  | { readonly do: 'skip'; readonly key: string; readonly by: number }
  | { readonly do: 'quarantine'; readonly key: string; readonly back: number }
  | { readonly do: 'remove'; readonly key: string }
  | { readonly do: 'reopen' }
  /** The owner is killed around a commit; from then on it is stale. */
  | { readonly do: 'die'; readonly at: Death; readonly keys: readonly string[] }
  /** Whoever was killed wakes, and writes. */
  | { readonly do: 'wake'; readonly key: string }

function steps(fc: FastCheck): Arbitrary<readonly StoreStep[]> {
  const key = fc.constantFrom('a', 'b', 'B', '\uFFFD', '🐻')
  const keys = fc.array(key, { maxLength: 4 })
  const named = <T extends string>(name: T) => fc.constant(name)
  const at = fc.constantFrom<Death>('before', 'during', 'after')
  const back = fc.nat({ max: KEEP })
  const by = fc.constantFrom(-2, -1, 1, 2)
  const step = fc.oneof<{ arbitrary: Arbitrary<StoreStep>; weight: number }[]>(
    { weight: 6, arbitrary: fc.record({ do: named('commit'), keys }) },
    { weight: 1, arbitrary: fc.record({ do: named('skip'), key, by }) },
    { weight: 2, arbitrary: fc.record({ do: named('quarantine'), key, back }) },
    { weight: 1, arbitrary: fc.record({ do: named('remove'), key }) },
    { weight: 1, arbitrary: fc.record({ do: named('reopen') }) },
    { weight: 1, arbitrary: fc.record({ do: named('die'), at, keys }) },
    { weight: 1, arbitrary: fc.record({ do: named('wake'), key }) },
  )
  return fc.array(step, { maxLength: 20, size: 'max' })
}

/** Any commands, against the simplest store there is. */
export const modelCases: readonly StoreCase[] = [
  {
    name: 'does what the model does, whatever the steps',
    remedy: 'Take the steps below one by one; the last one is where the store differs from the model.',
    run: (scene) =>
      scene.atRandom(steps(scene.fc), async (steps, inner) => {
        const player = await Player.begin(inner)
        for (const step of steps) await player.take(step)
      }),
  },
]
