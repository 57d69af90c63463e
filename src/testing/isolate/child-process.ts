import { type ChildProcess as Child, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { AnyMachineSnapshot, EventObject } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import type { ProcessClock } from '../world/clock.js'
import type { OwnerLife } from '../world/mortal-store.js'
import type { OutsideWorld } from '../world/outside.js'
import type { Process, Surroundings } from '../world/process.js'
import {
  type Command,
  errorOf,
  lineOf,
  messageOf,
  type OutsideCall,
  type ProcessState,
  type Told,
} from './messages.js'

/** What the processes of one world have in common beside their surroundings. */
export interface Lineage {
  /** What begins each of them. */
  readonly source: Pick<Extract<Command, { readonly do: 'begin' }>, 'module' | 'export' | 'actors'>
  /** Of the store. */
  readonly folder: string
  /** All that was done outside. */
  readonly outside: OutsideCall[]
  /** The processes that were spawned. */
  readonly spawned: ChildProcess[]
}

const PROGRAM = fileURLToPath(new URL('./child.js', import.meta.url))

/** A process of the operating system with the service in it: what is killed is killed by SIGKILL. */
export class ChildProcess implements Process {
  readonly clock: ProcessClock
  readonly life: OwnerLife
  killed = false
  #child: Child | undefined
  #errors = ''
  #state: ProcessState | undefined
  #refusal: string | undefined
  #asked = 0
  readonly #answers = new Map<number, (result: unknown) => void>()
  readonly #timers = new Map<number, unknown>()
  /** When it is gone, and its lock of the store with it. */
  exited: Promise<void> = Promise.resolve()

  constructor(
    private readonly surroundings: Surroundings,
    private readonly lineage: Lineage,
  ) {
    this.clock = surroundings.clock.process()
    this.life = { written: 0, end: () => this.kill() }
  }

  get lives(): boolean {
    return this.#state?.lives ?? false
  }

  get failure(): Error | undefined {
    const { failure } = this.#state ?? {}
    return failure && errorOf(failure)
  }

  get snapshot(): AnyMachineSnapshot {
    // What plans need of it; the machine itself is elsewhere.
    const { value, status } = this.observe().machine
    return { value, status, historyValue: {} } as unknown as AnyMachineSnapshot
  }

  async begin(_: unknown, input: unknown): Promise<void> {
    const { spawned, source, folder, outside } = this.lineage
    await spawned.at(-1)?.exited
    spawned.push(this)
    this.#spawn()
    const { commits } = this.surroundings.store
    await this.#ask({ do: 'begin', ...source, input, folder, outside: [...outside], commits })
    if (this.#refusal === undefined) return
    throw new UnverifiableError(
      `The module ${source.module}`,
      `a process of its own cannot begin with it: ${this.#refusal}`,
      'It must export the service, and events, input and drivers must be data.',
    )
  }

  async send(event: EventObject, key: string): Promise<void> {
    await this.#ask({ do: 'send', event, key })
  }

  async pause(hold?: string): Promise<void> {
    await this.#ask({ do: 'pause', hold })
  }

  async resume(hold?: string): Promise<void> {
    await this.#ask({ do: 'resume', hold })
  }

  async retry(lastGood = false): Promise<boolean> {
    return (await this.#ask({ do: 'retry', lastGood })) !== false
  }

  async checkpoint(): Promise<void> {
    await this.#ask({ do: 'checkpoint' })
  }

  async startAnew(): Promise<void> {
    await this.#ask({ do: 'startAnew' })
  }

  async stop(): Promise<void> {
    await this.#ask({ do: 'stop' })
  }

  async close(): Promise<void> {
    await this.#ask({ do: 'close' })
  }

  async sleep(): Promise<boolean> {
    return (await this.#ask({ do: 'sleep' })) === true
  }

  async calm(): Promise<boolean> {
    return (await this.#ask({ do: 'calm' })) !== false
  }

  async moveTimers(byMs: number): Promise<void> {
    await this.#ask({ do: 'moveTimers', byMs })
  }

  stopListening(): void {}

  kill(): void {
    if (this.killed) return
    this.killed = true
    this.#child?.kill('SIGKILL')
    this.#over()
    this.clock.forget()
  }

  observe(): ProcessState['seen'] {
    if (this.#state === undefined) throw new Error('the process has not begun')
    return this.#state.seen
  }

  #spawn(): void {
    // What the author's module prints is nobody's.
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] })
    this.#child = child
    child.stderr?.on('data', (piece: Buffer) => {
      this.#errors += piece.toString()
    })
    // Writing to one that was just killed is no error here.
    child.stdin?.on('error', () => {})
    // It was spawned with a pipe there.
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      // Written by the other side; what one that is dead had still said is nobody's.
      if (!this.killed) this.#hear(messageOf(line) as Told)
    })
    this.exited = new Promise((resolve) => {
      child.on('close', () => {
        if (!this.killed) this.#refusal ??= `it ended by itself. ${this.#errors}`
        this.#over()
        resolve()
      })
    })
  }

  /** Nobody gets an answer any more, and nobody waits for one. */
  #over(): void {
    for (const answer of this.#answers.values()) answer(undefined)
    this.#answers.clear()
  }

  #ask(command: Command): Promise<unknown> {
    if (this.killed || this.#refusal !== undefined) return Promise.resolve()
    const id = this.#asked++
    const { clock, outside, store } = this.surroundings
    const world = { nowMs: clock.now(), commitFates: store.fates, effectFates: outside.fates }
    this.#child?.stdin?.write(lineOf({ id, command, ...world }))
    return new Promise((resolve) => this.#answers.set(id, resolve))
  }

  #hear(told: Told): void {
    const { outside, store } = this.surroundings
    switch (told.tells) {
      case 'answer':
        this.#state = told.state ?? this.#state
        this.#answers.get(told.id)?.(told.result)
        this.#answers.delete(told.id)
        return
      case 'refusal':
        this.#refusal = told.message
        this.#over()
        return
      case 'outside': {
        const [method, ...args] = told.call
        this.lineage.outside.push(told.call)
        // Both sides make the same calls.
        ;(outside[method] as (this: OutsideWorld, ...args: unknown[]) => unknown).apply(outside, args)
        return
      }
      case 'commit':
        store.heard(told.told)
        return
      case 'timer': {
        const fire = () => void this.#ask({ do: 'fire', timer: told.timer })
        this.#timers.set(told.timer, this.clock.setTimer(fire, told.delayMs))
        return
      }
      case 'noTimer':
        this.clock.clearTimer(this.#timers.get(told.timer))
        return
      case 'death':
        // The world ends it as it would have one of its own.
        store.onDeath?.(this.life)
    }
  }
}
