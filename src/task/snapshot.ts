import type { Snapshot } from 'xstate'

/** A step that is done: its name and what it returned. */
export interface DoneStep {
  readonly name: string
  readonly output: unknown
}

/** A task's state: part of the tree, and of every checkpoint. */
export type TaskSnapshot<TOutput, TInput, TProgress> = Snapshot<TOutput> & {
  readonly input: TInput | undefined
  readonly steps: readonly DoneStep[]
  readonly progress: TProgress | undefined
}

/** What a running task tells its own actor. */
export type TaskEvent =
  | { readonly type: 'tardigrade.task.step'; readonly step: DoneStep }
  | { readonly type: 'tardigrade.task.progress'; readonly value: unknown }
  | { readonly type: 'tardigrade.task.done'; readonly output: unknown }
  | { readonly type: 'tardigrade.task.failed'; readonly error: unknown }
  | { readonly type: 'xstate.stop' }

/** The state of a task that has not begun. */
export function newTask<TOutput, TInput, TProgress>(input: TInput): TaskSnapshot<TOutput, TInput, TProgress> {
  return { status: 'active', output: undefined, error: undefined, input, steps: [], progress: undefined }
}

/** What an event makes of a task's state: a pure function. */
export function nextTask<TOutput, TInput, TProgress>(
  snapshot: TaskSnapshot<TOutput, TInput, TProgress>,
  event: TaskEvent,
): TaskSnapshot<TOutput, TInput, TProgress> {
  if (snapshot.status !== 'active') return snapshot
  switch (event.type) {
    case 'tardigrade.task.step':
      return { ...snapshot, steps: [...snapshot.steps, event.step] }
    case 'tardigrade.task.progress':
      // Sent by the task itself, which the author has typed.
      return { ...snapshot, progress: event.value as TProgress }
    case 'tardigrade.task.done':
      // Its steps have served their purpose, and the machine reads the output.
      return { ...snapshot, status: 'done', output: event.output as TOutput, steps: [], input: undefined }
    case 'tardigrade.task.failed':
      return { ...snapshot, status: 'error', output: undefined, error: event.error, input: undefined }
    case 'xstate.stop':
      return { ...snapshot, status: 'stopped', output: undefined, error: undefined, input: undefined }
    default:
      return snapshot
  }
}
