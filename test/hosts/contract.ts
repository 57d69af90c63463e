import { hostCases, type MakeHost, verifyHost } from 'tardigrade/testing'
import { describe, test } from 'vitest'

/** What every host promises, each case a test of its own. A host's own tests add only what differs. */
export function describeHostContract(name: string, make: MakeHost): void {
  describe(`${name}: the contract of hosts`, () => {
    test.each(hostCases)('%s', async (only) => {
      await verifyHost(make, { only: [only] })
    })
  })
}
