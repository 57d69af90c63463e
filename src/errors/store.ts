import { type ErrorFacts, TardigradeError } from './base.js'
import { shown } from './option-checks.js'
import { errorOf } from './thrown.js'

/**
 * Another process, another tab of the browser, or another supervisor of this very page or app holds the store. `holderPid` is undefined
 * where the holder could not be read; of a tab, it is the number that it gave itself. The process may run on another machine, where a
 * server keeps the store.
 */
export class StoreLockedError extends TardigradeError {
  readonly code = 'STORE_LOCKED'
  constructor(
    readonly location: string,
    readonly holderPid: number | undefined,
    facts: ErrorFacts = {},
    holder: 'process' | 'tab' | 'server' | 'this tab' | 'this app' = 'process',
  ) {
    const word = holder === 'server' ? 'process' : holder
    const own = holder.startsWith('this')
    super(
      `The store ${location} is in use by ${holderPid === undefined ? `another ${word}` : `${word}${own ? ' itself,' : ''} ${holderPid}`}.`,
      own
        ? 'Close the supervisor that has it first; after a hot reload, load the page or app anew.'
        : holder === 'process'
          ? 'Stop that process, or give this one another store; `tardigrade ls` works beside it, and `send` where it calls serveControl.'
          : `${word === 'tab' ? 'Close that tab' : 'Stop that process'}, or wait for it with \`whenLocked: "wait"\`; reading works beside it.`,
      facts,
    )
  }
}

/** A commit carried an epoch that is no longer the newest: another owner has taken over. */
export class StaleEpochError extends TardigradeError {
  readonly code = 'STALE_EPOCH'
  constructor(
    readonly epoch: number,
    readonly currentEpoch: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The commit of epoch ${epoch} was refused: the store is owned by epoch ${currentEpoch}.`,
      'This process has lost the store; close its supervisor and start a new one.',
      facts,
    )
  }
}

/** A commit did not follow the stored sequence by one. */
export class SequenceError extends TardigradeError {
  readonly code = 'SEQUENCE'
  constructor(
    readonly sequence: number,
    readonly storedSequence: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The commit with sequence ${sequence} was refused: the store holds ${storedSequence}.`,
      'Somebody else wrote it; start the service again so that it loads what is stored.',
      facts,
    )
  }
}

/** The disk or the quota is full. What was stored before is unchanged. */
export class StoreFullError extends TardigradeError {
  readonly code = 'STORE_FULL'
  constructor(
    readonly location: string,
    facts: ErrorFacts = {},
  ) {
    super(`The store ${location} has no room left.`, 'Free space, then retry the service.', facts)
  }
}

/** The store cannot be written: read-only disk, missing rights, a folder of another user. */
export class StoreNotWritableError extends TardigradeError {
  readonly code = 'STORE_NOT_WRITABLE'
  constructor(
    readonly location: string,
    reason: string,
    facts: ErrorFacts = {},
    remedy = 'Give the store a folder of its own that this user can write to.',
  ) {
    super(`The store ${location} cannot be written: ${reason}.`, remedy, facts)
  }
}

/** The store's own files are damaged or are no store of this library. */
export class StoreDamagedError extends TardigradeError {
  readonly code = 'STORE_DAMAGED'
  constructor(
    readonly location: string,
    reason: string,
    facts: ErrorFacts,
    /** What to do on this platform. */
    remedy: string,
  ) {
    super(`The store ${location} cannot be read: ${reason}.`, remedy, facts)
  }
}

/** Any other failure of the store; `cause` holds what the driver said. */
export class StoreFailedError extends TardigradeError {
  readonly code = 'STORE_FAILED'
  constructor(
    readonly location: string,
    facts: ErrorFacts = {},
    remedy = 'Mend what the cause names, then retry the service.',
  ) {
    const { message, name } = errorOf(facts.cause)
    super(`The store ${location} failed: ${(message || name).replace(/\.$/, '')}.`, remedy, facts)
  }
}

/**
 * The server that keeps the store cannot be reached, or has not answered. Of a commit that ends so, each checkpoint may have been
 * written or not; a service that is retried goes on from what is there.
 */
export class StoreUnreachableError extends TardigradeError {
  readonly code = 'STORE_UNREACHABLE'
  constructor(
    readonly location: string,
    reason: string,
    facts: ErrorFacts = {},
    remedy = 'See that its server runs and the network leads there',
  ) {
    super(
      `The store ${location} cannot be reached: ${reason}.`,
      `${remedy}, then try again, or retry the service that has failed.`,
      facts,
    )
  }
}

/** The settings of the server promise less than was asked for. `asked` is the durability that was. */
export class StoreNotDurableError extends TardigradeError {
  readonly code = 'STORE_NOT_DURABLE'
  constructor(
    readonly location: string,
    readonly asked: 'process' | 'power',
    reason: string,
    remedy: string,
    facts: ErrorFacts = {},
  ) {
    super(`The store ${location} is less durable than ${shown(asked)}: ${reason}.`, remedy, facts)
  }
}

/** A store was used after it was closed or its claim was released. */
export class StoreClosedError extends TardigradeError {
  readonly code = 'STORE_CLOSED'
  constructor(
    readonly location: string,
    facts: ErrorFacts = {},
  ) {
    super(`The store ${location} is closed.`, 'Claim it again.', facts)
  }
}

/** An optional driver package is not installed. */
export class MissingDriverError extends TardigradeError {
  readonly code = 'MISSING_DRIVER'
  constructor(
    readonly packageName: string,
    neededFor: string,
    facts: ErrorFacts = {},
    /** What else there is to do than to install it. */
    bundled = '',
  ) {
    super(
      `${neededFor} needs the package ${packageName}.`,
      `Run: npm install ${packageName}${bundled}`,
      facts,
    )
  }
}

/** The platform has not what an adapter needs. */
export class MissingFeatureError extends TardigradeError {
  readonly code = 'MISSING_FEATURE'
  constructor(
    readonly feature: string,
    remedy: string,
    facts: ErrorFacts = {},
  ) {
    super(`This platform has no ${feature}.`, remedy, facts)
  }
}

/** A key that no store can keep. */
export class InvalidKeyError extends TardigradeError {
  readonly code = 'INVALID_KEY'
  constructor(reason: string, facts: ErrorFacts = {}) {
    super(
      `The key ${shown(facts.key)} cannot be used: ${reason}.`,
      'Choose a text of 1 to 512 characters without NUL and without lone surrogates.',
      facts,
    )
  }
}

/** A text that no store can give back as it was. `field` names which one. */
export class InvalidTextError extends TardigradeError {
  readonly code = 'INVALID_TEXT'
  constructor(
    readonly field: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The ${field} holds a NUL or a lone surrogate, which not every store can keep.`,
      'Escape it, as JSON.stringify does.',
      facts,
    )
  }
}

/** The store was written by a newer version of this library. Nothing was changed. */
export class NewerStoreError extends TardigradeError {
  readonly code = 'NEWER_STORE'
  constructor(
    readonly location: string,
    readonly storedFormat: number,
    readonly format: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The store ${location} has format ${storedFormat}, newer than format ${format} of this code.`,
      'Install the newer version of this library again; a store is never read backwards.',
      facts,
    )
  }
}
