import type { Arbitrary } from 'fast-check'
import type { Host } from '../../../ports/host.js'
import { atRandom, type Chance } from '../at-random.js'
import { holds } from '../expect.js'
import { type ContractCase, Scene } from '../scene.js'
import { type Ears, ears, soon } from './ears.js'

/** What a platform does when an interruption comes, and when it is over. */
export interface PlatformInterruption {
  begin(): unknown
  end(): unknown
}

/** A host, and how the suite moves its platform. What is left out is not tried. */
export interface HostUnderTest {
  readonly host: Host
  /** By the interruption's name: how the platform brings it about. Words that are not here the host must not say. */
  readonly interruptions?: Readonly<Record<string, PlatformInterruption>>
  /** The platform is about to end the process. */
  shutdown?(): unknown
  /** The deadline that the host must give at a shutdown, in ms, where it is known. */
  readonly deadlineMs?: number
  /** How many listeners the host has at its platform now. */
  listeners?(): number
  /** Takes the platform away. */
  dispose?(): unknown
}

/** Makes a platform with a host of its own. */
export type MakeHost = () => HostUnderTest | Promise<HostUnderTest>

/** Hosts that are cleaned up with a case. */
export class HostScene extends Scene {
  constructor(
    private readonly make: MakeHost,
    private readonly chance: Chance,
    private readonly patienceMs: number,
  ) {
    super()
  }

  get fc(): Chance['fc'] {
    return this.chance.fc
  }

  /** A platform that goes away with the case. */
  async platform(): Promise<HostUnderTest> {
    const made = await this.make()
    this.after(() => made.dispose?.())
    return made
  }

  /** Sets the host up with ears of its own, until it is ready; it is cleaned up with the case, unless that is done before. */
  async listen(host: Host): Promise<Ears & { readonly cleanUp: () => Promise<void> }> {
    const own = ears()
    const cleanup = host(own.sink)
    // What is tried may have no types.
    const given: unknown = cleanup
    const told = given instanceof Promise ? 'a promise' : typeof given
    holds(typeof given === 'function', `The setup answers with ${told}, and must answer with its cleanup`)
    let clean = false
    const cleanUp = async () => {
      if (clean) return
      clean = true
      await cleanup()
    }
    this.after(cleanUp)
    await cleanup.ready
    return { ...own, cleanUp }
  }

  /** Waits for what a platform brings about. @throws {Unmet} it does not come, in words */
  soon(condition: () => boolean, otherwise: () => string): Promise<void> {
    return soon(this.patienceMs, condition, otherwise)
  }

  /** Tries generated values, each in a scene of its own. */
  atRandom<T>(values: Arbitrary<T>, run: (value: T, scene: HostScene) => Promise<void>): Promise<void> {
    return atRandom(this.chance, values, () => new HostScene(this.make, this.chance, this.patienceMs), run)
  }
}

/** One promise of a host. */
export interface HostCase extends ContractCase<HostScene> {
  readonly needs: readonly ('interruptions' | 'shutdown' | 'listeners')[]
}

/** The interruptions that the platform knows. */
export function interruptionsOf({ interruptions = {} }: HostUnderTest) {
  return Object.entries(interruptions)
}
