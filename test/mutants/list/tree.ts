import type { Mutant } from '../mutant.js'

const TWINS = {
  file: 'test/interruption/interruption.test.ts',
  test: 'is in every step where the uninterrupted twin is, with the same effects in the same order',
}

/** Mistakes in how the tree is captured and revived. */
export const treeMutants: readonly Mutant[] = [
  {
    name: 'timers-not-captured',
    file: 'src/xstate/capture.ts',
    find: 'timers: [...tree.timers.all()].map((timer) => timerRecord(timer, tree.nowMs, tree.policyOf)),',
    replace: 'timers: [],',
    killedBy: { file: 'test/counterexamples/lost.test.ts', test: 'a service keeps it, and its deadline' },
  },
  {
    name: 'work-key-not-stored',
    file: 'src/xstate/capture.ts',
    find: '...(workKey === undefined ? {} : { workKey }),',
    replace: '',
    killedBy: {
      file: 'test/counterexamples/doubled.test.ts',
      test: 'a service calls again under the same key',
    },
  },
  {
    name: 'work-key-not-read-back',
    file: 'src/xstate/tree-work.ts',
    find: 'if (record.workKey !== undefined) this.keys.set(actor, record.workKey)',
    replace: '',
    killedBy: {
      file: 'test/counterexamples/doubled.test.ts',
      test: 'a service calls again under the same key',
    },
  },
  {
    name: 'order-of-children-lost',
    file: 'src/xstate/revive.ts',
    find: 'for (const child of record.children ?? []) {',
    replace: 'for (const child of [...(record.children ?? [])].reverse()) {',
    killedBy: TWINS,
  },
  {
    name: 'order-of-regions-lost',
    file: 'src/xstate/capture.ts',
    find: 'if (hasParallelState(snapshot)) data.nodes = snapshot._nodes.map(({ id }) => id)',
    replace: '',
    killedBy: TWINS,
  },
  {
    name: 'history-lost',
    file: 'src/xstate/capture.ts',
    find: 'if (historyValue !== undefined) data.historyValue = historyValue',
    replace: '',
    killedBy: TWINS,
  },
  {
    name: 'child-no-longer-watched',
    file: 'src/xstate/capture.ts',
    find: '...(actor._syncSnapshot === true ? { syncSnapshot: true } : {}),',
    replace: '',
    killedBy: TWINS,
  },
  {
    name: 'system-id-lost',
    file: 'src/xstate/capture.ts',
    find: '...(actor.systemId === undefined ? {} : { systemId: actor.systemId }),',
    replace: '',
    killedBy: {
      file: 'test/xstate/ids.test.ts',
      test: 'lives through a kill, with its timers, its system id and references to it',
    },
  },
  {
    name: 'restart-heard-by-parents',
    file: 'src/xstate/tree.ts',
    find: "if (this.#starting && event.type.startsWith('xstate.snapshot.')) return",
    replace: '',
    killedBy: {
      file: 'test/counterexamples/doubled.test.ts',
      test: 'a service counts the first start alone',
    },
  },
  {
    name: 'owed-effects-not-run',
    file: 'src/xstate/owed.ts',
    find: 'return entries.flatMap((entry) => {',
    replace: 'return entries.slice(entries.length).flatMap((entry) => {',
    killedBy: {
      file: 'test/counterexamples/doubled.test.ts',
      test: 'a service that is killed in the middle of the effect charges again under the same key',
    },
  },
  {
    name: 'owed-effect-under-a-new-key',
    file: 'src/xstate/owed.ts',
    find: 'return { ...actionEffect(action, { self: actor, system }), key: entry.key }',
    replace: "return { ...actionEffect(action, { self: actor, system }), key: entry.key + '/again' }",
    killedBy: {
      file: 'test/counterexamples/doubled.test.ts',
      test: 'a service that is killed in the middle of the effect charges again under the same key',
    },
  },
  {
    name: 'owed-effects-after-all-starts',
    file: 'src/xstate/effects.ts',
    find: '.sort((a, b) => compareKeys(a.key, b.key))',
    replace: '',
    killedBy: {
      file: 'test/xstate/owed.test.ts',
      test: 'outside work starts and owed actions run in the order in which they were decided, under their keys',
    },
  },
  {
    name: 'owed-effect-sees-a-later-context',
    file: 'src/xstate/capture.ts',
    find: '...(contextChanged ? { context } : {}),',
    replace: '',
    killedBy: {
      file: 'test/xstate/effects.test.ts',
      test: 'named actions run, with what they saw: event, parameters and context of that moment',
    },
  },
  {
    name: 'running-effects-not-owed',
    file: 'src/xstate/effects.ts',
    find: 'return [...this.#running, ...this.#captured]',
    replace: 'return [...this.#captured]',
    killedBy: {
      file: 'test/xstate/effects.test.ts',
      test: 'are owed until they settle, and run again under the same key after a kill',
    },
  },
  {
    name: 'key-changes-at-each-capture',
    file: 'src/xstate/effects.ts',
    find: 'effect.key ??= keyOf(index, effect)',
    replace: 'effect.key ??= keyOf(0, effect)',
    killedBy: TWINS,
  },
  {
    name: 'deadline-restarts-at-revival',
    file: 'src/xstate/revived-timers.ts',
    find: '  return timer.dueAtMs\n',
    replace: '  return nowMs + timer.remainingMs\n',
    killedBy: {
      file: 'test/timers/policies.test.ts',
      test: 'a deadline is the wall clock’s: the time away counts',
    },
  },
  {
    name: 'remaining-does-not-stand-still',
    file: 'src/xstate/revived-timers.ts',
    find: 'return nowMs + timer.remainingMs',
    replace: 'return timer.dueAtMs',
    killedBy: { file: 'test/timers/policies.test.ts', test: '`remaining` stands still meanwhile' },
  },
  {
    name: 'late-timers-in-the-order-they-were-set',
    file: 'src/xstate/timers.ts',
    find: 'due.sort(([, a], [, b]) => a.dueAtMs - b.dueAtMs)',
    replace: '',
    killedBy: {
      file: 'test/xstate/timers.test.ts',
      test: 'what was due while nobody was there fires in the order in which it was due, whoever set it',
    },
  },
  {
    name: 'cancelled-timer-fires-late',
    file: 'src/xstate/timers.ts',
    find: 'if (this.#timers.get(key) !== timer) continue',
    replace: '',
    killedBy: {
      file: 'test/xstate/timers.test.ts',
      test: 'a timer that fires at resume may cancel or set anew those after it',
    },
  },
  {
    name: 'delay-beyond-the-platform',
    file: 'src/xstate/timers.ts',
    find: 'const delayMs = Math.min(Math.max(0, atMs - this.clock.now()), LONGEST_DELAY_MS)',
    replace: 'const delayMs = Math.max(0, atMs - this.clock.now())',
    killedBy: {
      file: 'test/counterexamples/host.test.ts',
      test: 'a service waits, in pieces that a platform can',
    },
  },
  {
    name: 'callback-hears-before-the-commit',
    file: 'src/xstate/outside.ts',
    find: "this.#hold('deliver', event, () => this.deliver(event))",
    replace: 'this.deliver(event)',
    killedBy: {
      file: 'test/xstate/effects.test.ts',
      test: 'nothing has happened outside: no action, emitted event, log line, promise, callback or message',
    },
  },
  {
    name: 'reference-in-a-map-stays-dead',
    file: 'src/xstate/revive.ts',
    find: 'map.set(this.resolve(key), this.resolve(value))',
    replace: 'map.set(key, value)',
    killedBy: {
      file: 'test/counterexamples/corrupted.test.ts',
      test: 'a service revives it, in Maps and Sets, and to itself',
    },
  },
  {
    name: 'timers-of-one-name-taken',
    file: 'src/xstate/fit.ts',
    find: 'if (timers.has(name)) refuse(',
    replace: 'if (timers.size < 0) refuse(',
    killedBy: { file: 'test/xstate/fit.test.ts', test: 'a tree that does not fit is refused at the place' },
  },
  {
    name: 'unknown-part-of-a-snapshot-dropped',
    file: 'src/xstate/fit.ts',
    find: 'if (!PARTS.has(part)) refuse(',
    replace: 'if (PARTS.size === 0) refuse(',
    killedBy: { file: 'test/xstate/fit.test.ts', test: 'a tree that does not fit is refused at the place' },
  },
  {
    name: 'reference-of-any-shape-taken',
    file: 'src/xstate/codec.ts',
    find: "if (!json.path.every((id) => typeof id === 'string')) return false",
    replace: '',
    killedBy: {
      file: 'test/xstate/references.test.ts',
      test: 'an annotation of another shape is refused: %j',
    },
  },
  {
    name: 'subscription-stays-in-snapshots',
    file: 'src/xstate/outside.ts',
    find: 'snapshot._subscription = undefined',
    replace: '',
    killedBy: {
      file: 'test/xstate/observables.test.ts',
      test: 'what it shows later may be told by an action',
    },
  },
  {
    name: 'early-values-before-the-subscription',
    file: 'src/xstate/starting.ts',
    find: 'if (early === undefined) system',
    replace: 'if (target) system',
    killedBy: {
      file: 'test/xstate/observables.test.ts',
      test: 'one that is left for what it shows first is unsubscribed from',
    },
  },
  {
    name: 'early-events-lost-with-their-sender',
    file: 'src/xstate/starting.ts',
    find: 'if (target !== scope.self || scope.self',
    replace: 'if (scope.self',
    killedBy: {
      file: 'test/xstate/starting.test.ts',
      test: 'what work sends to its parent as it starts comes there as in XState',
    },
  },
  {
    name: 'error-at-start-of-one-left-fails-the-service',
    file: 'src/xstate/tree.ts',
    find: "=== RUNNING || effect.kind === 'start'",
    replace: '=== RUNNING',
    killedBy: {
      file: 'test/xstate/starting.test.ts',
      test: 'what work sends to its parent as it starts comes there as in XState',
    },
  },
  {
    name: 'timers-of-the-ended-kept',
    file: 'src/xstate/capture.ts',
    find: 'tree.timers.cancelEnded(isInTree)',
    replace: '',
    killedBy: {
      file: 'test/testing/short-lived.test.ts',
      test: 'who is gone before an event reaches it is no counterexample: %s',
    },
  },
  {
    name: 'engine-without-texts-takes-all-for-one',
    file: 'src/xstate/made-by.ts',
    find: 'Object.keys(logic)',
    replace: "''",
    killedBy: {
      file: 'test/xstate/made-by.test.ts',
      test: 'and, but for the two observables, where functions have no text, as in Hermes',
    },
  },
  {
    name: 'migration-leaves-timers-behind',
    file: 'src/xstate/fit-migrated.ts',
    find: 'if (!type.startsWith(AFTER) || delays.includes(type)) continue',
    replace: 'continue',
    killedBy: {
      file: 'test/xstate/fit-migrated.test.ts',
      test: 'that no active state waits for is refused, with what one waits for',
    },
  },
  {
    name: 'migration-leaves-invoked-behind',
    file: 'src/xstate/fit-migrated.ts',
    find: 'if (its.some((one) => one.id === id)) continue',
    replace: 'continue',
    killedBy: {
      file: 'test/xstate/fit-migrated.test.ts',
      test: 'with an id is refused where its state is left',
    },
  },
]
