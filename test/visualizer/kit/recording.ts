import { lifecycleMachine } from 'tardigrade'
import { type AnyStateMachine, createActor, type InspectionEvent, SimulatedClock } from 'xstate'
import { chartOf } from '../../../src/inspect/chart/chart-of.js'
import { nameOf } from '../../../src/inspect/chart/names.js'
import type { Shown } from '../../../src/inspect/shown.js'
import type { Entry, Happening, Microstep } from '../../../src/inspect/stream/entry.js'
import type { ServerMessage } from '../../../src/inspect/stream/message.js'

export const LIFECYCLE = chartOf(lifecycleMachine)
/** When recordings begin: the same for all, so that pictures can be compared. */
export const BEGAN_MS = Date.UTC(2026, 5, 1, 9, 30)

/** Makes the stream of a process in the protocol’s own messages, with real machines in it and time that stands still. */
export class Recording {
  readonly messages: ServerMessage[] = []
  nowMs = BEGAN_MS
  #sequence = 0
  #checkpoint = 0
  #incarnation: string

  constructor(incarnation = 'p1', live = true) {
    this.#incarnation = incarnation
    this.messages.push({ type: 'hello', version: 1, pid: 4242, store: '.tardigrade', control: false })
    this.messages.push({ type: 'incarnation', incarnation, pid: 4242, startedAtMs: this.nowMs, live })
    this.chart(LIFECYCLE)
  }

  chart(chart: ReturnType<typeof chartOf>): void {
    this.messages.push({ type: 'chart', hash: chart.hash, chart })
  }

  add(key: string, happening: Happening): Entry {
    const entry: Entry = { ...happening, sequence: ++this.#sequence, atMs: this.nowMs, key }
    const last = this.messages.at(-1)
    if (last?.type === 'entries' && last.incarnation === this.#incarnation && last.entries.length < 200)
      (last.entries as Entry[]).push(entry)
    else this.messages.push({ type: 'entries', incarnation: this.#incarnation, entries: [entry] })
    return entry
  }

  /** Another process start: sequences begin anew. */
  restart(incarnation: string): void {
    this.messages.push({
      type: 'incarnation',
      incarnation: this.#incarnation,
      pid: 4242,
      startedAtMs: BEGAN_MS,
      live: false,
    })
    this.#incarnation = incarnation
    this.#sequence = 0
    this.messages.push({ type: 'incarnation', incarnation, pid: 4300, startedAtMs: this.nowMs, live: true })
  }

  commit(key: string, phase = 'running', size = 1840): void {
    this.add(key, {
      kind: 'commit',
      ok: true,
      checkpoint: ++this.#checkpoint,
      epoch: 3,
      phase,
      size,
      durationMs: 1.42,
      upTo: this.#sequence,
    })
  }

  /** A service with a machine in it, brought in as a first life or from a checkpoint. */
  service(
    key: string,
    machine: AnyStateMachine,
    input?: unknown,
    from = 0,
    definition = machine.id,
  ): Subject {
    return new Subject(this, key, machine, input, from, definition)
  }

  json(): string {
    return JSON.stringify({ tardigradeTrace: 1, messages: this.messages })
  }
}

/** One service of a recording: what its machine does is told as the library tells it. */
export class Subject {
  readonly clock = new SimulatedClock()
  readonly actor
  #value: unknown
  #context: unknown
  #microsteps: Microstep[] = []
  #timers = new Map<string, string>()

  constructor(
    private readonly recording: Recording,
    readonly key: string,
    machine: AnyStateMachine,
    input: unknown,
    from: number,
    definition: string,
  ) {
    const chart = chartOf(machine)
    recording.chart(chart)
    this.tell({
      kind: 'service',
      definition,
      version: 1,
      chart: chart.hash,
      lifecycleChart: LIFECYCLE.hash,
    })
    this.tell({ kind: 'lifecycle', state: 'resuming', event: 'xstate.init' })
    this.tell({ kind: 'revived', fresh: from === 0, slept: false, checkpoint: from })
    this.actor = createActor(machine, { input, clock: this.clock, inspect: (event) => this.#heard(event) })
  }

  start(): this {
    this.actor.start()
    const { value, context } = this.actor.getSnapshot()
    this.#value = value
    this.#context = context
    this.tell({
      kind: 'actor',
      actor: [],
      logic: '',
      snapshot: { status: 'active', value, context: plain(context) },
    })
    this.lifecycle('running', 'lifecycle.revived')
    this.#microsteps = []
    this.timers()
    this.recording.commit(this.key)
    return this
  }

  tell(happening: Happening): void {
    this.recording.add(this.key, happening)
  }

  lifecycle(state: string, event: string): void {
    this.tell({ kind: 'lifecycle', state, event })
  }

  send(event: { readonly type: string; readonly [field: string]: unknown }, afterMs = 12): void {
    this.recording.nowMs += afterMs
    this.tell({ kind: 'event', to: [], event: plain(event) })
    this.#microsteps = []
    this.actor.send(event)
    this.step(event.type)
    this.recording.nowMs += 2
    this.recording.commit(this.key)
  }

  /** Time passes: delays fire. */
  wait(ms: number): void {
    this.recording.nowMs += ms
    this.#microsteps = []
    this.clock.increment(ms)
    if (this.#microsteps.length > 0) this.step(this.#microsteps[0]?.event ?? '')
  }

  /** An actor that the machine has invoked, as the library tells of it. */
  actors(...ids: readonly string[]): void {
    for (const id of ids) this.tell({ kind: 'actor', actor: [id], logic: id, snapshot: { status: 'active' } })
  }

  step(event: string): void {
    const { value, context } = this.actor.getSnapshot()
    const changes = [
      ...(JSON.stringify(value) === JSON.stringify(this.#value)
        ? []
        : [{ path: ['value'], value: plain(value) }]),
      ...Object.entries(context as object)
        .filter(([name, field]) => (this.#context as Readonly<Record<string, unknown>>)[name] !== field)
        .map(([name, field]) => ({ path: ['context', name], value: plain(field) })),
    ]
    this.#value = value
    this.#context = context
    this.tell({ kind: 'step', actor: [], event, microsteps: this.#microsteps, changes })
    this.#microsteps = []
    this.timers()
  }

  /** Tells of the delays that the machine’s states have now. */
  timers(): void {
    const { _nodes } = this.actor.getSnapshot() as unknown as {
      readonly _nodes: readonly {
        readonly id: string
        readonly after: readonly { readonly eventType: string; readonly delay: number | string }[]
      }[]
    }
    const due = new Map(
      _nodes.flatMap(({ after }) => after.map(({ eventType, delay }) => [eventType, delay] as const)),
    )
    for (const [type, id] of this.#timers) {
      if (due.has(type)) continue
      this.#timers.delete(type)
      this.tell({ kind: 'timer', change: 'cancelled', actor: [], id })
    }
    for (const [type, delay] of due) {
      if (this.#timers.has(type)) continue
      this.#timers.set(type, type)
      const delayMs = typeof delay === 'number' ? delay : 8000
      const what = {
        target: [],
        event: { type },
        delayMs,
        dueAtMs: this.recording.nowMs + delayMs,
        policy: 'deadline',
      }
      this.tell({ kind: 'timer', change: 'set', actor: [], id: type, what })
    }
  }

  #heard(event: InspectionEvent): void {
    if (event.type !== '@xstate.microstep' || event.actorRef !== this.actor) return
    this.#microsteps.push({
      // Those of `always` are taken after the event, and of none.
      event: event._transitions.every(({ eventType }) => eventType === '') ? '' : event.event.type,
      transitions: event._transitions.map(({ source, target, guard, actions }) => ({
        source: source.id,
        targets: (target ?? []).map(({ id }) => id),
        ...(typeof guard === 'object' && guard !== null && 'type' in guard && { guard: String(guard.type) }),
        ...(typeof guard === 'string' && { guard }),
        actions: actions.map(nameOf),
      })),
    })
  }
}

function plain(value: unknown): Shown {
  // What it holds is told as JSON has it.
  return JSON.parse(JSON.stringify(value ?? null)) as Shown
}
