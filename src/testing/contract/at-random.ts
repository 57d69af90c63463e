import type { Arbitrary } from 'fast-check'
import type { FastCheck } from '../fast-check.js'
import { inWords, Unmet } from './expect.js'
import type { Scene } from './scene.js'

/** What a case needs to try something at random. */
export interface Chance {
  readonly fc: FastCheck
  readonly seed: number
  readonly runs: number
}

/**
 * Tries generated values, each in a scene of its own.
 * @throws {Unmet} with the smallest value found that fails, and why
 */
export async function atRandom<T, TScene extends Scene>(
  { fc, seed, runs }: Chance,
  values: Arbitrary<T>,
  open: () => TScene,
  run: (value: T, scene: TScene) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(values, async (value) => {
    const scene = open()
    try {
      await run(value, scene)
    } finally {
      await scene.end()
    }
  })
  const { counterexample, errorInstance } = await fc.check(property, { seed, numRuns: runs })
  if (counterexample === null) return
  const why = errorInstance instanceof Unmet ? errorInstance.message : `it throws ${inWords(errorInstance)}`
  throw new Unmet(`${why} The smallest that shows it: ${fc.stringify(counterexample[0])}`)
}
