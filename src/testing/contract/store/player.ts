import { SequenceError, StaleEpochError } from '../../../errors/store.js'
import type {
  CommitRequest,
  QuarantinedCheckpoint,
  StoreClaim,
  StoredCheckpoint,
} from '../../../ports/store.js'
import { isError, refused, same } from '../expect.js'
import { afterDeath, death, kept } from './death.js'
import type { StoreStep } from './model.js'
import { accepted, request } from './requests.js'
import { KEEP, type StoreScene, type StoreUnderTest } from './scene.js'

/** Takes steps with a store, and keeps in the simplest words what it must hold. */
export class Player {
  readonly #kept = new Map<string, readonly StoredCheckpoint[]>()
  #quarantined: readonly StoredCheckpoint[] = []
  readonly #dead: StoreClaim[] = []

  private constructor(
    private readonly scene: StoreScene,
    private readonly made: Required<StoreUnderTest>,
    private claim: StoreClaim,
  ) {}

  static async begin(scene: StoreScene): Promise<Player> {
    const made = await scene.fresh(KEEP)
    return new Player(scene, made, await scene.claim(made.store))
  }

  /** @throws {Unmet} the store does not hold what it must afterwards */
  async take(step: StoreStep): Promise<void> {
    await this.#act(step)
    await this.#compare()
  }

  async #act(step: StoreStep): Promise<void> {
    switch (step.do) {
      case 'commit': {
        const batch = this.#next(step.keys)
        accepted(await this.claim.commit(batch))
        return this.#keep(batch, this.claim.epoch)
      }
      case 'skip': {
        const storedSequence = this.#newest(step.key)
        const [outcome] = await this.claim.commit([request(step.key, storedSequence + 1 + step.by)])
        const error = outcome?.ok === false ? outcome.error : undefined
        isError(error, SequenceError, { storedSequence }, 'a commit that does not follow')
        return
      }
      case 'quarantine': {
        const sequence = this.#newest(step.key) - step.back
        await this.claim.quarantine(step.key, sequence, 'bad')
        const stored = this.#kept.get(step.key) ?? []
        this.#quarantined = [...this.#quarantined, ...stored.filter((one) => one.sequence === sequence)]
        const left = stored.filter((one) => one.sequence !== sequence)
        this.#kept.set(step.key, left)
        return
      }
      case 'remove': {
        await this.claim.remove(step.key)
        this.#kept.delete(step.key)
        this.#quarantined = this.#quarantined.filter(({ key }) => key !== step.key)
        return
      }
      case 'reopen': {
        await this.claim.close()
        this.claim = await this.scene.claim(this.made.again())
        return
      }
      case 'die': {
        const batch = this.#next(step.keys)
        const owner = this.claim
        const afterlife = await death(this.scene, this.made, owner, batch, step.at)
        this.#dead.push(owner)
        this.claim = afterlife.claim
        accepted(afterlife.outcomes ?? [])
        for (const key of new Set(step.keys)) {
          const states = [this.#kept.get(key) ?? []]
          for (const one of batch.filter((one) => one.key === key))
            states.push([{ ...one, epoch: owner.epoch }, ...(states.at(-1) ?? [])])
          this.#kept.set(key, await afterDeath(afterlife, step.at, key, states))
        }
        return
      }
      case 'wake': {
        for (const dead of this.#dead) {
          const written = dead.commit(this.#next([step.key]))
          await refused(written, StaleEpochError, { epoch: dead.epoch }, 'a commit of who had died')
        }
      }
    }
  }

  #newest(key: string): number {
    return this.#kept.get(key)?.[0]?.sequence ?? 0
  }

  /** A batch that follows what is stored. */
  #next(keys: readonly string[]): readonly CommitRequest[] {
    const sequences = new Map<string, number>()
    return keys.map((key) => {
      const sequence = (sequences.get(key) ?? this.#newest(key)) + 1
      sequences.set(key, sequence)
      return request(key, sequence)
    })
  }

  #keep(batch: readonly CommitRequest[], epoch: number): void {
    for (const one of batch)
      this.#kept.set(one.key, kept([{ ...one, epoch }, ...(this.#kept.get(one.key) ?? [])]))
  }

  async #compare(): Promise<void> {
    const { claim } = this
    const stored = [...this.#kept].filter(([, checkpoints]) => checkpoints.length > 0)
    const sizes = stored.map(([key, [newest]]) => [key, newest?.text.length] as const)
    const listed = (await claim.list()).map(({ key, size }) => [key, size])
    const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
      one < other ? -1 : 1
    same(listed, sizes.sort(byKey), 'the list')
    for (const [key, checkpoints] of this.#kept) {
      same(await claim.history(key), checkpoints, `the history of ${key}`)
      same(await claim.load(key), checkpoints[0], `the newest of ${key}`)
    }
    const aside = (await claim.quarantined()).map(facts).sort()
    same(aside, this.#quarantined.map(facts).sort(), 'the quarantine')
  }
}

function facts({ key, sequence, epoch, text }: StoredCheckpoint | QuarantinedCheckpoint): string {
  return JSON.stringify([key, sequence, epoch, text])
}
