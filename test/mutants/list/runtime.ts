import type { Mutant } from '../mutant.js'

const SERVICE = 'test/runtime/service.test.ts'

/** Half a record, as the kit’s `storeTears` leaves it. */
const TORN = {
  file: 'test/testing/kinds.test.ts',
  test: 'a torn write: the service says that its checkpoint is damaged',
}

/** Mistakes in how tree and checkpoint are kept in step. */
export const runtimeMutants: readonly Mutant[] = [
  {
    name: 'effect-before-commit',
    file: 'src/runtime/records.ts',
    find: 'this.#captured = { tree, atRest, text }',
    replace: 'this.#captured = { tree, atRest, text }\n    if (tree?.started) tree.release()',
    killedBy: {
      file: SERVICE,
      test: 'resolves when the event is durable, and runs its effects after that',
    },
  },
  {
    name: 'answer-before-commit',
    file: 'src/runtime/ledger.ts',
    find: 'this.#inFlight = this.#waiting',
    replace: 'for (const ack of this.#waiting) ack.resolve()\n      this.#inFlight = []',
    killedBy: {
      file: SERVICE,
      test: 'resolves when the event is durable, and runs its effects after that',
    },
  },
  {
    name: 'commit-counted-though-refused',
    file: 'src/runtime/ledger.ts',
    find: 'if (outcome.ok) this.#written(acks)',
    replace: 'if (outcome.ok || outcome.error !== undefined) this.#written(acks)',
    killedBy: { file: SERVICE, test: 'an owner that was fenced off stops' },
  },
  {
    name: 'event-keys-not-stored',
    file: 'src/runtime/records.ts',
    find: 'eventKeys: this.intake.keys.list(),',
    replace: 'eventKeys: [],',
    killedBy: {
      file: SERVICE,
      test: 'applies an event with a key once, before and after a kill, and answers both times',
    },
  },
  {
    name: 'event-keys-not-read-back',
    file: 'src/runtime/intake.ts',
    find: "takeIn({ eventKeys, inbox }: Pick<CheckpointRecord, 'eventKeys' | 'inbox'>): void {\n    this.keys.reset(eventKeys)",
    replace:
      "takeIn({ eventKeys, inbox }: Pick<CheckpointRecord, 'eventKeys' | 'inbox'>): void {\n    this.keys.reset(eventKeys.slice(1))",
    killedBy: {
      file: SERVICE,
      test: 'applies an event with a key once, before and after a kill, and answers both times',
    },
  },
  {
    name: 'refused-event-leaves-its-key',
    file: 'src/runtime/intake.ts',
    find: 'if (key !== undefined) this.keys.forget(key)',
    replace: '',
    killedBy: { file: 'test/runtime/unkeepable.test.ts', test: 'while the service runs' },
  },
  {
    name: 'inbox-in-wrong-order',
    file: 'src/runtime/inbox.ts',
    find: 'this.#entries.push(entry)',
    replace: 'this.#entries.unshift(entry)',
    killedBy: {
      file: 'test/runtime/draining.test.ts',
      test: 'comes in order, after the timers that were due before it, before what is sent meanwhile',
    },
  },
  {
    name: 'inbox-not-stored',
    file: 'src/runtime/records.ts',
    find: 'inbox: this.intake.inbox.entries(),',
    replace: 'inbox: [],',
    killedBy: { file: SERVICE, test: 'holds add up, and the inbox is durable' },
  },
  {
    name: 'early-event-forgotten',
    file: 'src/runtime/intake.ts',
    find: 'this.#early.push({ entry, ack })',
    replace: 'this.#early.push({ entry: undefined, ack })',
    killedBy: {
      file: 'test/runtime/letting-go.test.ts',
      test: 'let go at any moment, it loses no event and answers none that the store has not',
    },
  },
  {
    name: 'inbox-before-due-timers',
    file: 'src/runtime/intake.ts',
    find: 'if (lives()) tree.catchUp(entry.atMs)',
    replace: '',
    killedBy: {
      file: 'test/xstate/timers.test.ts',
      test: 'events of the inbox and due timers come in the order of their times',
    },
  },
  {
    name: 'timers-run-through-a-checkpoint',
    file: 'src/runtime/rounds.ts',
    find: 'async checkpoint(round: number): Promise<void> {\n    this.engine.stopTimers()',
    replace: 'async checkpoint(round: number): Promise<void> {',
    killedBy: {
      file: 'test/runtime/standing-timers.test.ts',
      test: 'an event that was taken before a timer was due comes before it',
    },
  },
  {
    name: 'hold-not-stored',
    file: 'src/service/holds.ts',
    find: 'by === PROGRAM && outlivesProcess(name) ? [name] : []',
    replace: 'by === PROGRAM && outlivesProcess(name) && name !== PROGRAM ? [] : []',
    killedBy: { file: SERVICE, test: 'holds add up, and the inbox is durable' },
  },
  {
    name: 'stored-hold-dropped',
    file: 'src/runtime/revivals.ts',
    find: '        this.conductor.hold(hold)',
    replace: '',
    killedBy: { file: SERVICE, test: 'holds add up, and the inbox is durable' },
  },
  {
    name: 'hold-released-by-anybody',
    file: 'src/service/holds.ts',
    find: 'holds.filter((hold) => hold.name !== name || hold.by !== by)',
    replace: 'holds.filter((hold) => hold.name !== name)',
    killedBy: {
      file: 'test/runtime/holds.test.ts',
      test: 'a host’s release leaves the program’s hold of the same name',
    },
  },
  {
    name: 'failure-not-noted',
    file: 'src/runtime/engine.ts',
    find: 'this.#note.write(error)',
    replace: '',
    killedBy: { file: SERVICE, test: 'is durable, and a retry goes on from the last good state' },
  },
  {
    name: 'moved-timers-not-written',
    file: 'src/runtime/engine.ts',
    find: '|| timersMoved ||',
    replace: '||',
    killedBy: {
      file: 'test/timers/sleep.test.ts',
      test: 'after a life that began late, whose checkpoint knows of the one before alone',
    },
  },
  {
    name: 'failure-noted-as-running',
    file: 'src/runtime/records.ts',
    find: "this.failure === undefined ? phase : 'failed'",
    replace: 'phase',
    killedBy: { file: SERVICE, test: 'is durable, and a retry goes on from the last good state' },
  },
  {
    name: 'last-good-not-quarantined',
    file: 'src/runtime/retries.ts',
    find: 'for (const { sequence } of aside)',
    replace: 'for (const { sequence } of [] as typeof aside)',
    killedBy: {
      file: SERVICE,
      test: 'a damaged newest checkpoint is kept, and the last good one is a named choice',
    },
  },
  {
    name: 'torn-checkpoint-begins-afresh',
    file: 'src/runtime/way-in.ts',
    find: 'if (stored === undefined) return',
    replace: "if (!stored?.text.endsWith('}')) return",
    killedBy: TORN,
  },
  {
    name: 'torn-checkpoint-gone-on-from-again',
    file: 'src/runtime/step-back.ts',
    find: 'afterState(history, afterNotes(history, 0), isSameState) : 1',
    replace: 'afterState(history, afterNotes(history, 0), isSameState) : 0',
    killedBy: TORN,
  },
  {
    name: 'effect-keys-come-again',
    file: 'src/runtime/retries.ts',
    find: 'incarnations.stepBack(key)',
    replace: '',
    killedBy: {
      file: 'test/runtime/removal.test.ts',
      test: 'a step back to an earlier checkpoint gives new keys to what is decided again, at the same moment too',
    },
  },
  {
    name: 'effect-keys-come-again-in-another-process',
    file: 'src/runtime/incarnations.ts',
    find: 'epoch === this.epoch ? incarnation : this.#next()',
    replace: 'incarnation',
    killedBy: {
      file: 'test/runtime/incarnations.test.ts',
      test: 'after a step back to an earlier checkpoint no effect gets the key of another',
    },
  },
  {
    name: 'last-good-is-the-state-that-failed',
    file: 'src/runtime/retries.ts',
    find: 'toSetAside(history, failedInIt,',
    replace: 'toSetAside(history, false,',
    killedBy: { file: 'test/runtime/step-back.test.ts', test: 'is left behind with the note of the failure' },
  },
  {
    name: 'last-good-owes-what-failed',
    file: 'src/runtime/step-back.ts',
    find: 'return same ? afterState(history, below, isSameState) : below',
    replace: 'return below',
    killedBy: {
      file: 'test/runtime/step-back.test.ts',
      test: 'is left behind at once, however often it was retried before',
    },
  },
  {
    name: 'last-good-driven-out-by-notes',
    file: 'src/runtime/failure-note.ts',
    find: 'if (this.#isIn(record)) return',
    replace: '',
    killedBy: {
      file: 'test/runtime/step-back.test.ts',
      test: 'retries that fail as before leave the last good checkpoint in the store',
    },
  },
  {
    name: 'done-effects-owed-again',
    file: 'src/runtime/rest.ts',
    find: 'outbox: record.outbox.filter((entry) => !this.#settledKeys?.has(entry.key)),',
    replace: 'outbox: record.outbox,',
    killedBy: {
      file: 'test/runtime/failure-notes.test.ts',
      test: 'effects that were done when another failed',
    },
  },
  {
    name: 'effects-run-while-a-pause-is-written',
    file: 'src/runtime/rounds.ts',
    find: 'this.engine.holdEffects()',
    replace: '',
    killedBy: {
      file: 'test/runtime/interrupting.test.ts',
      test: 'an effect that no grace is left for begins once, when the service goes on',
    },
  },
  {
    name: 'tasks-not-told',
    file: 'src/runtime/engine.ts',
    find: 'this.#tree?.interrupt()',
    replace: '',
    killedBy: { file: SERVICE, test: 'waits for a task’s step, and goes on from there' },
  },
  {
    name: 'events-taken-after-the-end',
    file: 'src/runtime/service.ts',
    find: 'if (this.#conductor.view.ended)',
    replace: 'if (false)',
    killedBy: { file: 'test/runtime/ended.test.ts', test: 'is refused while it runs' },
  },
  {
    name: 'events-left-at-the-end-not-told',
    file: 'src/runtime/engine.ts',
    find: 'if (this.intake.inbox.size > 0) this.listener.unapplied(this.intake.inbox.entries())',
    replace: '',
    killedBy: { file: 'test/runtime/unapplied.test.ts', test: 'are told once, without what is in them' },
  },
  {
    name: 'held-first-life-acts-when-stopped',
    file: 'src/runtime/engine.ts',
    find: `    this.#holdsEffects = true
    this.#tree?.start()`,
    replace: '    this.#tree?.start()',
    killedBy: {
      file: 'test/runtime/stopping.test.ts',
      test: 'what a first life under a hold owes does not run because it is stopped',
    },
  },
  {
    name: 'failed-stop-outlives-its-retry',
    file: 'src/service/lifecycle.ts',
    find: 'assign({ failure: undefined, stopping: false })',
    replace: 'assign({ failure: undefined })',
    killedBy: {
      file: 'test/runtime/stopping.test.ts',
      test: 'a retry after a stop that failed lets the service go on',
    },
  },
  {
    name: 'forged-event-taken',
    file: 'src/runtime/service.ts',
    find: '/^(xstate|tardigrade)\\./',
    replace: '/^tardigrade\\./',
    killedBy: {
      file: 'test/counterexamples/host.test.ts',
      test: 'a service refuses it, and a forged timeout',
    },
  },
  {
    name: 'platform-starved',
    file: 'src/runtime/stretch.ts',
    find: '>= LONGEST_STRETCH_MS',
    replace: '< 0',
    killedBy: {
      file: 'test/runtime/letting-go.test.ts',
      test: 'while the committer yields between two stretches',
    },
  },
  {
    name: 'changes-during-a-commit-forgotten',
    file: 'src/runtime/committer.ts',
    find: 'this.#schedule(() => this.stretch.go(() => this.#flush()))',
    replace: '',
    killedBy: {
      file: 'test/runtime/committer.test.ts',
      test: 'no more than two are on their way; who asks meanwhile is written with the next, all at once',
    },
  },
  {
    name: 'full-batch-drops-one',
    file: 'src/runtime/committer.ts',
    find: 'if (requests.length === most) break\n      this.#due.delete(participant)',
    replace: 'this.#due.delete(participant)\n      if (requests.length === most) break',
    killedBy: {
      file: 'test/runtime/committer.test.ts',
      test: 'more than fit into one batch are all written, each once',
    },
  },
  {
    name: 'structure-ignored',
    file: 'src/runtime/read.ts',
    find: 'if (record.structure !== definition.structure) {',
    replace: 'if (record.structure === undefined) {',
    killedBy: {
      file: 'test/counterexamples/lost.test.ts',
      test: 'a service refuses the checkpoint, and keeps it',
    },
  },
  {
    name: 'misfit-revived',
    file: 'src/runtime/read.ts',
    find: 'checkFit(definition.machine, made)',
    replace: 'void made',
    killedBy: {
      file: 'test/counterexamples/host.test.ts',
      test: 'a service fails with an error that says what to do, and keeps the checkpoint',
    },
  },
  {
    name: 'wrong-timer-policy',
    file: 'src/runtime/timer-policy.ts',
    find: '(name === undefined ? undefined : named[name]) ?? fallback',
    replace: 'fallback',
    killedBy: {
      file: 'test/xstate/timers.test.ts',
      test: 'are chosen by the name of a delay, by the id of a delayed event, and by default',
    },
  },
  {
    name: 'sleeper-woken-at-its-last-timer',
    file: 'src/runtime/compose.ts',
    find: 'Math.min(soonest, dueAtMs), Number.POSITIVE_INFINITY',
    replace: 'Math.max(soonest, dueAtMs), 0',
    killedBy: {
      file: 'test/runtime/compose.test.ts',
      test: 'is woken for the first of its timers, and only while it runs',
    },
  },
  {
    name: 'start-during-a-removal',
    file: 'src/runtime/roster.ts',
    find: 'if (removal !== undefined) return removal',
    replace: '',
    killedBy: {
      file: 'test/runtime/removal.test.ts',
      test: 'a start waits, and begins anew, at any moment: %s',
    },
  },
  {
    name: 'removed-while-it-was-read',
    file: 'src/runtime/roster.ts',
    find: 'if (this.#removals.begun !== begun) continue',
    replace: '',
    killedBy: {
      file: 'test/runtime/removal.test.ts',
      test: 'who only asks for it begins nothing, whether it was read before or is read after: %s wait',
    },
  },
  {
    name: 'start-gives-the-stopping-one',
    file: 'src/runtime/endings.ts',
    find: "status === 'active' && value !== 'failed' && context.stopping",
    replace: 'false',
    killedBy: { file: 'test/runtime/stopping.test.ts', test: 'gives one that runs, at any moment' },
  },
  {
    name: 'stopped-one-started-by-asking',
    file: 'src/runtime/roster.ts',
    find: 'if (!this.#stopped.has(key)) return this.start',
    replace: 'return this.start',
    killedBy: {
      file: 'test/runtime/stopping.test.ts',
      test: 'that nobody holds any more shows its state, and does not run for that',
    },
  },
  {
    name: 'slow-store-given-up',
    file: 'src/runtime/patience.ts',
    find: 'seen = progress()\n        await',
    replace: 'seen = progress()\n        if (seen >= 0) return false\n        await',
    killedBy: {
      file: 'test/runtime/closing.test.ts',
      test: 'waits for a slow store, as long as something comes of it',
    },
  },
  {
    name: 'sleeper-woken-during-a-closing-not-reported',
    file: 'src/runtime/closing.ts',
    find: 'if (!outcomes.has(conductor.key)) outcomes',
    replace: 'if (!inTime && !outcomes.has(conductor.key)) outcomes',
    killedBy: {
      file: 'test/runtime/closing.test.ts',
      test: 'answers for a sleeper that an event wakes meanwhile, at any moment',
    },
  },
  {
    name: 'key-of-a-refused-event-is-seen',
    file: 'src/runtime/service.ts',
    find: 'key !== undefined && !engine.intake.reading && !engine.intake.keys.admit(key)',
    replace: 'key !== undefined && !engine.intake.keys.admit(key)',
    killedBy: {
      file: 'test/runtime/refused-keys.test.ts',
      test: 'an event whose commit failed, sent again under its key while the service is retried, is applied',
    },
  },
  {
    name: 'event-tried-at-another-depth',
    file: 'src/runtime/intake.ts',
    find: 'const BELOW = 2',
    replace: 'const BELOW = 0',
    killedBy: {
      file: 'test/runtime/deep-events.test.ts',
      test: 'an event nested too deep for a checkpoint is refused alone',
    },
  },
  {
    name: 'answers-lost-by-what-is-thrown',
    file: 'src/runtime/ledger.ts',
    find: '    try {\n      this.source.durable()\n    } finally {\n      // It',
    replace: '    this.source.durable()\n    {\n      // It',
    killedBy: {
      file: 'test/runtime/ledger.test.ts',
      test: 'what its source throws at a commit keeps nobody from an answer',
    },
  },
  {
    name: 'inspection-waited-for-for-ever',
    file: 'src/runtime/give-back.ts',
    find: "outcome('the inspection', ended)",
    replace: 'ended',
    killedBy: {
      file: 'test/inspect/server/closing.test.ts',
      test: 'a page that looks at a store that hangs keeps no supervisor from closing in time',
    },
  },
  {
    name: 'watched-sleeper-forgotten',
    file: 'src/runtime/handles.ts',
    find: 'if (kept && this.get',
    replace: 'if (!kept && this.get',
    killedBy: {
      file: 'test/runtime/watching.test.ts',
      test: 'as it sleeps, and holds nothing of it, hears too',
    },
  },
  {
    name: 'selection-not-counted-as-watching',
    file: 'src/runtime/lifecycle-ref.ts',
    find: 'this.#watched(selected.subscribe(...(observer as Parameters<typeof selected.subscribe>)))',
    replace: 'selected.subscribe(...(observer as Parameters<typeof selected.subscribe>))',
    killedBy: {
      file: 'test/runtime/watching.test.ts',
      test: 'hears of all that comes, and keeps it awake until it leaves',
    },
  },
  {
    name: 'left-out-again-and-again',
    file: 'src/runtime/intake.ts',
    find: '    this.leaveOut = undefined\n',
    replace: '',
    killedBy: {
      file: 'test/runtime/step-back.test.ts',
      test: 'the event that is left out is left out once: what waits at its place later on is applied',
    },
  },
  {
    name: 'checkpoint-of-another-key-taken',
    file: 'src/runtime/read.ts',
    find: 'record.service !== definition.id || record.key !== key',
    replace: 'record.service !== definition.id',
    killedBy: {
      file: 'test/runtime/foreign.test.ts',
      test: 'a checkpoint that lies under another key than its own',
    },
  },
  {
    name: 'checkpoint-of-another-machine-taken',
    file: 'src/runtime/read.ts',
    find: 'if (record.machine !== definition.machine.id) {',
    replace: 'if (record.machine === undefined) {',
    killedBy: {
      file: 'test/runtime/foreign.test.ts',
      test: 'a checkpoint of another machine under the same id and version',
    },
  },
]
