import { type ErrorFacts, TardigradeError } from './base.js'

/** The store cannot be read: missing rights, or a folder where a file should be. What it holds is unchanged. */
export class StoreNotReadableError extends TardigradeError {
  readonly code = 'STORE_NOT_READABLE'
  constructor(
    readonly location: string,
    reason: string,
    facts: ErrorFacts = {},
    remedy = 'Nothing was changed. Give this user the rights to read the folder and what is in it, or name the folder in which the store is.',
  ) {
    super(`The store ${location} cannot be read: ${reason}.`, remedy, facts)
  }
}
