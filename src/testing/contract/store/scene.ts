import type { Arbitrary } from 'fast-check'
import type { Store, StoreClaim } from '../../../ports/store.js'
import { atRandom, type Chance } from '../at-random.js'
import { type ContractCase, Scene } from '../scene.js'

/** A fresh, empty store, and what the suite may do to it from outside. */
export interface StoreUnderTest {
  readonly store: Store
  /** Another `Store` over the same data, as another start of the process would make it. Default: the same. */
  again?(): Store
  /**
   * Lets the next claim through although the last one is held, as when its process has died or the lock was deleted.
   * The last one must find that it is outdated by its epoch alone.
   */
  loseLock(): void | Promise<void>
  /**
   * Has the medium fail: so many writes go through, and then none until what this returns is called. Without it the cases of a
   * failing medium are not tried.
   */
  failWrites?(after: number): Heal | Promise<Heal>
  /** Deletes everything. */
  dispose?(): void | Promise<void>
}

/** Has a medium work again. */
export type Heal = () => void | Promise<void>

/** Makes a store under test that keeps this many checkpoints a key. */
export type MakeStore = (options: { readonly keep: number }) => StoreUnderTest | Promise<StoreUnderTest>

/** How many checkpoints a key keeps where a case does not care. */
export const KEEP = 3

/** Stores that go away with a case. */
export class StoreScene extends Scene {
  constructor(
    private readonly make: MakeStore,
    private readonly chance: Chance,
  ) {
    super()
  }

  get fc(): Chance['fc'] {
    return this.chance.fc
  }

  /** A store that goes away with the case. */
  async fresh(keep = KEEP): Promise<Required<StoreUnderTest>> {
    const made = await this.make({ keep })
    this.after(() => made.dispose?.())
    return {
      store: made.store,
      again: () => made.again?.() ?? made.store,
      loseLock: () => made.loseLock(),
      // Cases that ask for it are tried where it is there alone.
      failWrites: (after) => made.failWrites?.(after) ?? (() => {}),
      dispose: () => made.dispose?.(),
    }
  }

  /** A claim of a fresh store; it is closed with the case. */
  async claimed(keep = KEEP): Promise<StoreClaim> {
    const { store } = await this.fresh(keep)
    return this.claim(store)
  }

  /** A claim that is closed with the case. */
  async claim(store: Store): Promise<StoreClaim> {
    const claim = await store.claim()
    this.after(() => claim.close())
    return claim
  }

  /** Tries generated values, each in a scene of its own. */
  atRandom<T>(values: Arbitrary<T>, run: (value: T, scene: StoreScene) => Promise<void>): Promise<void> {
    return atRandom(this.chance, values, () => new StoreScene(this.make, this.chance), run)
  }
}

/** One promise of a store. */
export type StoreCase = ContractCase<StoreScene>
