import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyMachineSnapshot,
  createActor,
  type EventObject,
} from 'xstate'
import type { StoreClaim } from '../../../src/ports/store.js'
import type { ServiceDefinition } from '../../../src/service/definition.js'
import { type ProcessClock, ticks } from '../../../src/testing/world/clock.js'
import type { OwnerLife } from '../../../src/testing/world/mortal-store.js'
import { machineSeen } from '../../../src/testing/world/observe.js'
import { Plain } from '../../../src/testing/world/plain.js'
import type { MakeProcess, Process, Surroundings } from '../../../src/testing/world/process.js'

/** How a snapshot becomes a text and again a snapshot. */
export interface Encoding {
  readonly stringify: (value: unknown) => string
  readonly parse: (text: string) => unknown
}

/** Plain XState over the kit's store: what `tardigrade` would be without this library. */
export function plainXState(encoding: Encoding): MakeProcess {
  return (surroundings) => new PlainProcess(surroundings, encoding)
}

const KEY = 'plain'
const MOST_LOOKS = 2000
const LOOK_TICKS = 12

/**
 * A process with an actor in it, as its documentation says to keep one: `getPersistedSnapshot()` is written when anything
 * in its tree has changed and come to rest, and `createActor(machine, { snapshot })` goes on from it. Held, it is
 * written and stopped; released, it is restored. Events that come meanwhile wait in memory.
 */
class PlainProcess implements Process {
  readonly clock: ProcessClock
  killed = false
  failure: Error | undefined
  #actor: AnyActorRef | undefined
  #snapshot: AnyMachineSnapshot | undefined
  #definition: ServiceDefinition | undefined
  #claim: StoreClaim | undefined
  #life: OwnerLife | undefined
  #sequence = 0
  #dirty = false
  #writing: Promise<void> | undefined
  #text = ''
  #waiting: EventObject[] = []
  readonly #holds = new Set<string>()
  #tellDeath: () => void = () => {}
  readonly #death = new Promise<void>((resolve) => {
    this.#tellDeath = resolve
  })

  constructor(
    private readonly surroundings: Surroundings,
    private readonly encoding: Encoding,
  ) {
    this.clock = surroundings.clock.process()
  }

  get life(): OwnerLife {
    if (this.#life === undefined) throw new Error('the process has not begun')
    return this.#life
  }

  get snapshot(): AnyMachineSnapshot {
    const now = this.#actor?.getSnapshot() ?? this.#snapshot
    if (now === undefined) throw new Error('the process has not begun')
    return now as AnyMachineSnapshot
  }

  get lives(): boolean {
    return this.failure === undefined && this.snapshot.status === 'active'
  }

  async begin(definition: ServiceDefinition, input: unknown): Promise<void> {
    const { store } = this.surroundings
    this.#definition = definition
    this.#claim = await store.claim()
    this.#life = store.life
    const stored = await this.#claim.load(KEY)
    this.#sequence = stored?.sequence ?? 0
    this.#run(stored === undefined ? { input } : this.#restored(stored.text))
    await this.#write()
  }

  /** Its key says nothing to plain XState. */
  async send(event: EventObject): Promise<void> {
    if (this.#actor === undefined) this.#waiting.push(event)
    else this.#actor.send(event)
    await this.#write()
  }

  async pause(hold = 'user'): Promise<void> {
    this.#holds.add(hold)
    await this.#write()
    this.#stop()
  }

  async resume(hold = 'user'): Promise<void> {
    this.#holds.delete(hold)
    if (this.#holds.size > 0 || this.#actor !== undefined) return
    this.#run(this.#restored(this.#text))
    for (const event of this.#waiting.splice(0)) await this.send(event)
  }

  async checkpoint(): Promise<void> {
    this.#dirty = true
    await this.#write()
  }

  async retry(): Promise<boolean> {
    this.failure = undefined
    await this.checkpoint()
    return true
  }

  async startAnew(definition: ServiceDefinition, input: unknown): Promise<void> {
    await this.#claim?.remove(KEY)
    this.#stop()
    await this.begin(definition, input)
  }

  async stop(): Promise<void> {
    await this.#write()
    this.#stop()
  }

  async close(): Promise<void> {
    await this.#claim?.close()
  }

  async sleep(): Promise<boolean> {
    await this.pause()
    await this.resume()
    return true
  }

  kill(): void {
    this.killed = true
    this.#tellDeath()
    this.#life?.end()
    this.#stop()
    this.clock.forget()
  }

  async moveTimers(): Promise<void> {}

  stopListening(): void {}

  async calm(): Promise<boolean> {
    const atRest = () => this.killed || (this.#writing === undefined && !this.#dirty)
    for (let look = 0; look < MOST_LOOKS; look++) {
      await ticks(LOOK_TICKS)
      if (!atRest()) continue
      await ticks(LOOK_TICKS)
      if (atRest()) return true
    }
    return false
  }

  /** Its timers stand nowhere in a snapshot, and are not looked at: only what comes of them is. */
  observe() {
    const { failure } = this
    const { status } = this.snapshot
    return {
      lifecycle: status === 'active' ? (this.#holds.size > 0 ? 'paused' : 'running') : status,
      ...(failure === undefined ? {} : { failure: failure.message }),
      machine: machineSeen(this.snapshot),
      timers: [],
      inbox: this.#waiting.map((event) => new Plain().of(event)),
    }
  }

  #restored(text: string): { readonly snapshot: unknown } {
    this.#text = text
    return { snapshot: this.encoding.parse(text) }
  }

  #run(from: { readonly snapshot: unknown } | { readonly input: unknown }): void {
    const { clock } = this
    const options = {
      ...from,
      clock: {
        setTimeout: (run: () => void, delayMs: number) => clock.setTimer(run, delayMs),
        clearTimeout: (handle: unknown) => clock.clearTimer(handle),
      },
      // Of the whole tree: a change inside a child is none of the root.
      inspect: ({ type }: { readonly type: string }) => {
        if (type === '@xstate.snapshot') this.#changed()
      },
    }
    // One definition of any machine; its own types are known to the test that made it.
    const actor = createActor(this.#definition?.machine as AnyActorLogic, options as never)
    actor.subscribe({ error: () => {} })
    actor.on('*' as never, (event: EventObject) => {
      const what = `emitted ${JSON.stringify(new Plain().of(event))}`
      this.surroundings.outside.did({ key: undefined, name: event.type, what })
    })
    this.#actor = actor
    actor.start()
  }

  #stop(): void {
    this.#snapshot = this.#actor?.getSnapshot()
    this.#actor?.stop()
    this.#actor = undefined
  }

  /** What changes is written when the tree has come to rest: never a torn one. */
  #changed(): void {
    this.#dirty = true
    queueMicrotask(() => void this.#write())
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
    })
    return Promise.race([this.#writing, this.#death])
  }

  async #writeAll(): Promise<void> {
    while (this.#dirty && this.failure === undefined && this.#actor !== undefined) {
      this.#dirty = false
      try {
        await this.#commit(this.encoding.stringify(this.#actor.getPersistedSnapshot()))
      } catch (error) {
        this.failure = error as Error
      }
    }
    this.#dirty = false
  }

  async #commit(text: string): Promise<void> {
    const { id, version } = this.#definition as ServiceDefinition
    const sequence = this.#sequence + 1
    const row = { service: id, version, sequence, savedAtMs: this.clock.now(), phase: 'running' } as const
    const outcomes = await this.#claim?.commit([{ key: KEY, ...row, wakeAtMs: undefined, text }])
    for (const outcome of outcomes ?? []) if (!outcome.ok) throw outcome.error
    this.#sequence = sequence
    this.#text = text
  }
}
