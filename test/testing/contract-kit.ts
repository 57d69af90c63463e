import { ContractBrokenError } from 'tardigrade/testing'
import { expect } from 'vitest'

/** What verifying an adapter throws: it must break its contract. */
export async function brokenBy(run: Promise<unknown>): Promise<ContractBrokenError> {
  const thrown = await run.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ContractBrokenError)
  return thrown as ContractBrokenError
}
