import { type ContractOptions, type MakeStore, storeCases, verifyStore } from 'tardigrade/testing'
import { describe, test } from 'vitest'

/**
 * What every store promises, each case a test of its own. An adapter's own tests add only what differs.
 * @param options `runs`: fewer tries at random, where each takes long
 */
export function describeStoreContract(
  name: string,
  make: MakeStore,
  options: Pick<ContractOptions, 'runs'> = {},
): void {
  describe(`${name}: the contract of stores`, () => {
    test.each(storeCases)('%s', async (only) => {
      await verifyStore(make, { ...options, only: [only] })
    })
  })
}
