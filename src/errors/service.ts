import { type ErrorFacts, problemOf, TardigradeError } from './base.js'
import { reasonOf } from './text-of.js'

/** What was sent is no event: an object with a `type` of text. */
export class InvalidEventError extends TardigradeError {
  readonly code = 'INVALID_EVENT'
  constructor(
    readonly problem: string,
    facts: ErrorFacts = {},
  ) {
    super(`This is no event: ${problem}.`, 'Send an object with a type, such as { type: "GO" }.', facts)
  }
}

/** Events of XState and of this library cannot be sent from outside. */
export class ReservedEventError extends TardigradeError {
  readonly code = 'RESERVED_EVENT'
  constructor(
    readonly eventType: string,
    facts: ErrorFacts = {},
  ) {
    super(`The event “${eventType}” is reserved.`, 'Send an event of the machine’s own.', facts)
  }
}

const ENDED_REMEDIES: Readonly<Record<string, string>> = {
  failed: 'Retry it, then send again.',
  done: 'supervisor.remove(key) makes room for a new one.',
}

/** The service takes no events any more; of one that has failed, `cause` is what it failed with, and the remedy that one's. */
export class ServiceEndedError extends TardigradeError {
  readonly code = 'SERVICE_ENDED'
  constructor(
    readonly state: string,
    facts: ErrorFacts = {},
  ) {
    const { cause } = facts
    const failure = state === 'failed' && cause instanceof TardigradeError ? cause : undefined
    super(
      `The service is ${state} and takes no events; this one was not kept.${failure ? ` ${problemOf(failure)}` : ''}`,
      failure?.remedy ?? ENDED_REMEDIES[state] ?? 'Start it again with supervisor.start.',
      facts,
    )
  }
}

/** Somebody waits for effects that run in another life of the service. */
export class EffectsOwedError extends TardigradeError {
  readonly code = 'EFFECTS_OWED'
  constructor(facts: ErrorFacts = {}) {
    super(
      'The service rests and owes effects, which run when it goes on.',
      'Start it again with supervisor.start.',
      facts,
    )
  }
}

/** Too many events wait to become durable. */
export class BackPressureError extends TardigradeError {
  readonly code = 'BACK_PRESSURE'
  constructor(
    readonly pending: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `${pending} events wait already; this one was not kept.`,
      'Await earlier sends first, or raise maxPendingEvents in the definition.',
      facts,
    )
  }
}

interface FromInbox {
  readonly event: { readonly type: string }
  readonly key?: string
}

/** The author's machine ended in an error. */
export class MachineFailedError extends TardigradeError {
  readonly code = 'MACHINE_FAILED'
  constructor(
    facts: ErrorFacts = {},
    /** The event of its inbox that it failed at. */
    readonly entry?: FromInbox,
  ) {
    const key = entry?.key === undefined ? '' : ` (key “${entry.key}”)`
    super(
      `The machine failed${entry ? ` at the event “${entry.event.type}”${key} of its inbox` : ''}: ${reasonOf(facts.cause)}.`,
      `Mend the cause, then retry: the service goes on from its last checkpoint${entry ? ', with { lastGood: true } without the event' : '; without one, supervisor.start begins it anew'}.`,
      facts,
    )
  }
}

/** An effect threw or rejected after its transition was durable. It is still owed. */
export class EffectFailedError extends TardigradeError {
  readonly code = 'EFFECT_FAILED'
  constructor(
    readonly effect: string,
    readonly effectKey: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The effect “${effect}” failed: ${reasonOf(facts.cause)}.`,
      `Retry the service: it runs again under the same key, ${effectKey}.`,
      facts,
    )
  }
}

/** The machine holds something that no checkpoint can keep. `path` leads to it. */
export class UncapturableError extends TardigradeError {
  readonly code = 'UNCAPTURABLE'
  constructor(
    readonly path: string,
    problem: string,
    remedy: string,
    facts: ErrorFacts = {},
  ) {
    super(`${path} cannot be kept in a checkpoint: ${problem}.`, remedy, facts)
  }
}

/** A task’s step name came twice in one run. */
export class DuplicateStepError extends TardigradeError {
  readonly code = 'DUPLICATE_STEP'
  constructor(
    readonly step: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The step “${step}” was already run in this task, so its result would be taken for this one.`,
      'Give each step a name of its own, with an index in loops.',
      facts,
    )
  }
}

/** Thrown inside a task at a step’s boundary, so that it unwinds: the task goes on from there later. And at a step that comes after the task’s end. */
export class TaskInterruptedError extends TardigradeError {
  readonly code = 'TASK_INTERRUPTED'
  constructor(facts: ErrorFacts = {}) {
    super(
      'The task was interrupted or has ended; what its steps did is durable.',
      'Let this error pass: clean up in `finally`, and catch only errors of your own.',
      facts,
    )
  }
}

/** The supervisor knows no service under this key. */
export class UnknownServiceError extends TardigradeError {
  readonly code = 'UNKNOWN_SERVICE'
  constructor(facts: ErrorFacts = {}) {
    const stored = facts.service !== undefined
    super(
      stored
        ? `The service under the key “${facts.key ?? ''}” is a ${facts.service}, whose definition is not known here.`
        : `There is no service under the key “${facts.key ?? ''}”.`,
      stored
        ? 'Start it with supervisor.start, or give its definition to createSupervisor.'
        : 'Start it with supervisor.start, or look for its key with `tardigrade ls`.',
      facts,
    )
  }
}

/** A sleeping service was due and could not be woken; it is tried again. */
export class NotWokenError extends TardigradeError {
  readonly code = 'NOT_WOKEN'
  constructor(facts: ErrorFacts = {}) {
    super(
      `The sleeping service “${facts.key ?? ''}” is due and cannot be woken: ${reasonOf(facts.cause)}.`,
      'Mend what the cause names; it is tried again within a minute.',
      facts,
    )
  }
}

/** There is no checkpoint of an earlier state to go on from. */
export class NoGoodCheckpointError extends TardigradeError {
  readonly code = 'NO_GOOD_CHECKPOINT'
  constructor(facts: ErrorFacts = {}) {
    super(
      'The store keeps no checkpoint of an earlier state, and to set all of this one aside would mean to start afresh.',
      'Mend the cause and retry, or remove the service and start it anew.',
      facts,
    )
  }
}

/** The supervisor is closing or closed, or its platform came to its end before it was there. */
export class SupervisorClosedError extends TardigradeError {
  readonly code = 'SUPERVISOR_CLOSED'
  constructor(
    facts: ErrorFacts = {},
    problem = 'The supervisor is closed.',
    remedy = 'Create another one on the same store.',
  ) {
    super(problem, remedy, facts)
  }
}

/** A service was started that had failed in an earlier life and was not retried since. */
export class FailedEarlierError extends TardigradeError {
  readonly code = 'FAILED_EARLIER'
  constructor(
    readonly failure: {
      readonly name: string
      readonly message: string
      readonly atMs: number
      readonly inboxAt?: number
    },
    facts: ErrorFacts = {},
  ) {
    super(
      `The service failed at ${new Date(failure.atMs).toISOString()}: ${failure.message}`,
      'When the cause is mended, retry it: service.retry() or `tardigrade retry KEY`.',
      facts,
    )
  }
}

/** An owed action cannot be run again, because nothing of its name is there to run; or an owed event has nobody to go to. */
export class UnrunnableEffectError extends TardigradeError {
  readonly code = 'UNRUNNABLE_EFFECT'
  constructor(
    readonly effect: string,
    readonly effectKey: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The action “${effect}” was cut off and cannot be run again (key ${effectKey}): it was written in place, or its name or its actor is gone.`,
      'Name actions in setup({ actions }); see to this one by hand.',
      facts,
    )
  }
}

/** The machine came to its end before events that its inbox had taken; they are in its last checkpoint. */
export class UnappliedEventsError extends TardigradeError {
  readonly code = 'UNAPPLIED_EVENTS'
  constructor(
    /** Their types and keys, in order; what else is in them stays in the checkpoint. */
    readonly events: readonly { readonly type: string; readonly key?: string }[],
    facts: ErrorFacts = {},
  ) {
    const count = events.length === 1 ? '1 event' : `${events.length} events`
    const first = events.slice(0, 3).map(({ type }) => type)
    const types = `${first.join(', ')}${events.length > 3 ? ' …' : '.'}`
    super(
      `The machine has come to its end, and ${count} that had been accepted ${events.length === 1 ? 'was' : 'were'} not applied: ${types}`,
      'They are kept in its last checkpoint: see them with `tardigrade show KEY`, and do elsewhere what they asked for.',
      facts,
    )
  }
}
