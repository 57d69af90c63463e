import { type ErrorFacts, TardigradeError } from './base.js'
import { type LedTo, LedToError, ledBy } from './led-to.js'
import { reasonOf } from './text-of.js'
import { ToldInLinesError } from './told-in-lines.js'

export type { LedTo } from './led-to.js'

/** The kit cannot verify this machine as it is. */
export class UnverifiableError extends TardigradeError {
  readonly code = 'UNVERIFIABLE'
  constructor(part: string, problem: string, remedy: string, facts: ErrorFacts = {}) {
    super(`${part} cannot be verified: ${problem}.`, remedy, facts)
  }
}

/** A thread of those that share the plans of a verification cannot begin, has died, or hangs. */
export class WorkerLostError extends TardigradeError {
  readonly code = 'WORKER_LOST'
  constructor(
    /** What became of it, in words. */
    readonly reason: string,
    /** Whether it is there still, and something in the machine does not end. */
    readonly hangs: boolean,
    facts: ErrorFacts = {},
  ) {
    super(
      `A worker that verified ${facts.service ?? 'a service'} ${reason}.`,
      hangs
        ? 'Look for a guard, an assigner or an action that waits or goes round for ever; with `workers: 1` (`--workers 1`) a debugger finds it.'
        : 'Verify with `workers: 1` (`--workers 1`), in one thread: a module that needs the main one of its process, or all of it, has no other way.',
      facts,
    )
  }
}

/** What a service that differs from itself is told with, beside the difference. */
export interface FlakyCircumstances {
  /** Whether each life had a process of its own already. */
  readonly isolated?: boolean
  /** What was found of tasks that run as written, in a sentence. */
  readonly written?: string | undefined
  /** Finds it again, where it was found by chance. */
  readonly seed?: number | undefined
}

/** The service differs from itself where everything was alike: something in it reads a clock, chance or what lies outside of it. */
export class FlakyMachineError<TStep = unknown> extends LedToError<TStep> {
  readonly code = 'FLAKY_MACHINE'
  /** Finds it again; undefined: it was not found by chance. */
  readonly seed: number | undefined

  constructor(
    /** What differed, in words. */
    readonly difference: string,
    readonly led: LedTo<TStep> = { steps: [], told: [] },
    facts: ErrorFacts = {},
    readonly circumstances: FlakyCircumstances = {},
  ) {
    const { isolated = false, written, seed } = circumstances
    const { after, replayed } = ledBy(led)
    super(
      `Run again in the same way, the service differs from itself${after === '' ? `${led.token === undefined ? '' : ', at the beginning'}: ` : `${after}\nThen: `}${difference}.${replayed}${seed === undefined ? '' : `\nSeed: ${seed}`}`,
      `${written === undefined ? '' : `${written} `}Give the machine its time and chance through input or events, or leave them out with \`normalize\`. ${
        isolated
          ? 'Each life had a process of its own, so it is no state of its module: look for what it reads of a clock, of chance, of files or of the network.'
          : 'Where it keeps state beside its context, in a module or a closure, move that into the context; `isolate: "process"` gives each life a process of its own.'
      }`,
      led,
      facts,
    )
    this.seed = seed
  }
}

/** An invariant that does not hold though nothing was interrupted. */
export class BrokenInvariantError<TStep = unknown> extends LedToError<TStep> {
  readonly code = 'BROKEN_INVARIANT'

  constructor(
    /** Its name, and what it has thrown. */
    readonly invariant: string,
    led: LedTo<TStep>,
    facts: ErrorFacts = {},
  ) {
    const { after, replayed } = ledBy(led)
    super(
      `The invariant “${invariant}” does not hold, though nothing was interrupted${after === '' ? ', at the beginning' : after}.${replayed}`,
      'Mend the machine or the invariant; interruptions are tried after that.',
      led,
      facts,
    )
  }
}

/** The present version of a service cannot go on from what an earlier one has left, though nothing was interrupted. */
export class BrokenMigrationError<TStep = unknown> extends LedToError<TStep> {
  readonly code = 'BROKEN_MIGRATION'

  constructor(
    readonly fromVersion: number,
    readonly version: number,
    /** What was wrong, in words. */
    readonly reason: string,
    led: LedTo<TStep>,
    facts: ErrorFacts = {},
  ) {
    const { after, replayed } = ledBy(led)
    super(
      `The migration of ${facts.service ?? 'the service'} from version ${fromVersion} to ${version} does not bring it back, though nothing was interrupted${after}${after === '' ? '. ' : '.\n'}${reason}${replayed}`,
      'Mend `migrations` of the present definition: they must take every state in which the earlier version can be.',
      led,
      facts,
    )
  }
}

/** A service that comes into a state which no checkpoint can keep, though nothing was interrupted: it fails there, whatever comes. */
export class BrokenCaptureError<TStep = unknown> extends LedToError<TStep> {
  readonly code = 'BROKEN_CAPTURE'

  constructor(
    /** What cannot be kept, in words. */
    readonly reason: string,
    remedy: string,
    led: LedTo<TStep>,
    facts: ErrorFacts = {},
  ) {
    const { after, replayed } = ledBy(led)
    super(
      `${facts.service ?? 'The service'} comes into a state that no checkpoint can keep, though nothing was interrupted${after}\n${reason}${replayed}`,
      remedy,
      led,
      facts,
    )
  }
}

/** A token that was made for something else. */
export class ForeignTokenError extends TardigradeError {
  readonly code = 'FOREIGN_TOKEN'
  constructor(
    /** What is wrong with it, in words. */
    readonly problem: string,
    facts: ErrorFacts & { readonly remedy?: string } = {},
    /** The file of a corpus that holds it. */
    readonly file?: string,
  ) {
    super(
      `The token ${file === undefined ? '' : `in ${file} `}${problem}.`,
      file === undefined
        ? (facts.remedy ?? 'Verify again: a new run prints a new token.')
        : 'Bring the file back as it was, or remove it: what it kept is found again by chance alone.',
      facts,
    )
  }
}

/** What Node's file system tells beside its reason: the call, and a path that may be a trial's own. */
const CALL = /^Error: |, \w+ '.*$/gs

/** The folder that is to keep what is found cannot be used. */
export class UnusableCorpusError extends TardigradeError {
  readonly code = 'UNUSABLE_CORPUS'
  constructor(
    /** The folder, or a file in it. */
    readonly path: string,
    /** What cannot be done with it. */
    readonly doing: 'read' | 'written',
    facts: ErrorFacts = {},
  ) {
    super(
      `The corpus ${path} cannot be ${doing}: ${reasonOf(facts.cause).replace(CALL, '')}.`,
      'Give `corpus` (`--corpus`) a folder in which files can be read and written, or leave it out.',
      facts,
    )
  }
}

/** An interruption that changed what a service does. */
export class InterruptionBugError<TStep> extends ToldInLinesError {
  readonly code = 'INTERRUPTION_BUG'
  constructor(
    /** The shortest plan found that shows it. */
    readonly steps: readonly TStep[],
    /** What differed, in words. */
    readonly difference: string,
    /** Replays the steps. */
    readonly token: string,
    /** A Mermaid sequence diagram of what happened. */
    readonly diagram: string,
    /** The steps in words, the difference, the diagram, the token. */
    told: string,
    facts: ErrorFacts = {},
    /** Finds it again, as it was found; undefined: it was not found by chance. */
    readonly seed?: number,
  ) {
    super(told, 'Replay it with `replay(definition, token)`.', facts)
  }
}
