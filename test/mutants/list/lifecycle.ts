import type { Mutant } from '../mutant.js'

/** Mistakes in what the lifecycle decides, in versions, and in tasks. */
export const lifecycleMutants: readonly Mutant[] = [
  {
    name: 'outdated-answer-counts',
    file: 'src/service/lifecycle.ts',
    find: "{ guard: 'outdated' },",
    replace: '',
    killedBy: {
      file: 'test/service/lifecycle.test.ts',
      test: 'an answer to an earlier round is no answer: the tasks keep their grace',
    },
  },
  {
    name: 'told-tasks-not-started-again',
    file: 'src/service/lifecycle.ts',
    find: "{ guard: 'tasksTold', target: 'resuming', actions: 'letGo' },",
    replace: '',
    killedBy: {
      file: 'test/runtime/service.test.ts',
      test: 'a hold released before the checkpoint was durable starts the interrupted tasks again',
    },
  },
  {
    name: 'newer-checkpoint-taken',
    file: 'src/service/migrations.ts',
    find: 'if (record.version > version) {',
    replace: 'if (record.version > version + 1) {',
    killedBy: { file: 'test/service/migrations.test.ts', test: 'a record from newer code is refused' },
  },
  {
    name: 'migration-step-not-checked',
    file: 'src/service/migrations.ts',
    find: 'checkRecord(withMigrated(record, returned))',
    replace: 'withMigrated(record, returned)',
    killedBy: { file: 'test/service/migrations.test.ts', test: 'a step that returns %j fails, as itself' },
  },
  {
    name: 'delays-not-in-the-structure',
    file: 'src/service/structure.ts',
    find: "...initial, '|', ...invoked, '|', ...delays]",
    replace: "...initial, '|', ...invoked]",
    killedBy: { file: 'test/service/structure.test.ts', test: 'changes with %s' },
  },
  {
    name: 'step-not-durable-before-the-next-line',
    file: 'src/task/run.ts',
    find: 'await this.options.port?.durable()',
    replace: 'void this.options.port?.durable().catch(() => {})',
    killedBy: { file: 'test/task/steps.test.ts', test: 'is durable before the next line runs' },
  },
  {
    name: 'done-step-runs-again',
    file: 'src/task/run.ts',
    find: 'if (done !== undefined) return done.output as T',
    replace: 'void done',
    killedBy: {
      file: 'test/task/steps.test.ts',
      test: 'what was durable is not done again, the rest is, under the same keys',
    },
  },
  {
    name: 'progress-forgotten',
    file: 'src/task/task.ts',
    find: 'progress: snapshot.progress,',
    replace: 'progress: undefined,',
    killedBy: {
      file: 'test/task/steps.test.ts',
      test: 'is undefined before it is set, and what was set last in a later life',
    },
  },
  {
    name: 'swallowed-interruption-is-an-end',
    file: 'src/task/run.ts',
    find: "if (!this.#hard.signal.aborted) this.options.tell({ type: 'tardigrade.task.done', output })",
    replace: "this.options.tell({ type: 'tardigrade.task.done', output })",
    killedBy: {
      file: 'test/task/interruption.test.ts',
      test: 'swallowed by the task ends it all the same: what it returns or throws then is not its end',
    },
  },
  {
    name: 'inspector-that-throws-hurts',
    file: 'src/runtime/inspector-of.ts',
    find: 'apart(() => inspect(event, of))',
    replace: 'inspect(event, of)',
    killedBy: {
      file: 'test/runtime/inspector-of.test.ts',
      test: 'at the lifecycle: nobody waits for ever',
    },
  },
]
