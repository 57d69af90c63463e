import { describe } from 'vitest'
import type { Store } from '../../src/ports/store.js'
import { commitCases } from './contract/commits.js'
import { keyCases } from './contract/keys.js'
import { listCases } from './contract/lists.js'
import { modelCases } from './contract/model.js'
import { ownershipCases } from './contract/ownership.js'
import { quarantineCases } from './contract/quarantine.js'

/** A fresh, empty store, and what a test may do to it from outside. */
export interface StoreUnderTest {
  readonly store: Store
  /** Another `Store` over the same data, as another start of the process would make it. */
  again(): Store
  /** Lets the next claim through although the last one is held, as when the lock's file is deleted. */
  loseLock(): void | Promise<void>
  /** Deletes everything. */
  dispose(): void | Promise<void>
}

/** Makes a store under test that keeps this many checkpoints a key. */
export type MakeStore = (options: { readonly keep: number }) => StoreUnderTest | Promise<StoreUnderTest>

/**
 * What every store promises, whatever is under it. An adapter's own tests add only what differs.
 *
 * @example
 * ```ts
 * describeStoreContract('memory', ({ keep }) => {
 *   const store = memoryStore({ keep })
 *   return { store, again: () => store, loseLock: store.loseLock, dispose() {} }
 * })
 * ```
 */
export function describeStoreContract(name: string, make: MakeStore): void {
  describe(`${name}: the contract of stores`, () => {
    describe('commits', () => commitCases(make))
    describe('keys', () => keyCases(make))
    describe('lists', () => listCases(make))
    describe('quarantine and removal', () => quarantineCases(make))
    describe('ownership', () => ownershipCases(make))
    describe('against a model', () => modelCases(make))
  })
}
