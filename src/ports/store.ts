/** Where a service stands, as its checkpoint says. */
export type Phase = 'running' | 'paused' | 'stopped' | 'failed' | 'done'

/** What a store tells of a checkpoint without opening it. Times are milliseconds since 1970. */
export interface CheckpointSummary {
  /** The service's key, unique in its store: 1 to 512 characters, without NUL and without lone surrogates. */
  readonly key: string
  /** Id of the service definition. */
  readonly service: string
  /** Version of the service definition. */
  readonly version: number
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number
  /** Fencing number of the owner that wrote it. */
  readonly epoch: number
  readonly savedAtMs: number
  readonly phase: Phase
  /** When its next timer is due; undefined without one. */
  readonly wakeAtMs: number | undefined
  /** Length of the sealed text in UTF-16 code units. */
  readonly size: number
}

/** A checkpoint as a store keeps it: `text` is sealed and opaque to the store. */
export interface StoredCheckpoint extends Omit<CheckpointSummary, 'size'> {
  readonly text: string
}

/** What is to be written; the epoch is the claim's own. */
export type CommitRequest = Omit<StoredCheckpoint, 'epoch'>

/** What became of one request of a batch. */
export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly error: Error }

/** A checkpoint that was set aside because it could not be used. Nothing deletes it but `remove`. */
export interface QuarantinedCheckpoint extends StoredCheckpoint {
  readonly reason: string
  readonly quarantinedAtMs: number
}

/** Who holds the store, or held it last. */
export interface StoreOwner {
  readonly epoch: number
  readonly pid: number
  readonly claimedAtMs: number
}

/** Reading a store; works beside another process that owns it. */
export interface StoreReader {
  /** The newest checkpoint of the key, or undefined. */
  load(key: string): Promise<StoredCheckpoint | undefined>
  /** The kept checkpoints of the key, those of its last sequences, newest first. */
  history(key: string): Promise<readonly StoredCheckpoint[]>
  /** The newest checkpoint of every key, in the keys' code-unit order, `limit` (default 1000) after `after`. */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly CheckpointSummary[]>
  quarantined(): Promise<readonly QuarantinedCheckpoint[]>
  owner(): Promise<StoreOwner | undefined>
  close(): Promise<void>
}

/** The right to write, until it is released or a newer claim fences it off. */
export interface StoreClaim extends StoreReader {
  /** Greater than that of every earlier claim of this store. */
  readonly epoch: number
  /** What its owner must hear of at once, though the store goes on: a supervisor tells it to `onWarning`. */
  readonly warning?: Error | undefined
  /**
   * Resolves with why, once the store is known to be another's, or gone, though nothing was written: a supervisor has what is at work
   * fail with it. A store that hears of it by its next commit alone has none.
   */
  readonly lost?: Promise<Error> | undefined
  /**
   * Writes the batch; resolves when all of it is durable. Outcomes stand in the requests' order. Another batch, of other
   * keys, may come before it resolves.
   * A request whose sequence does not follow the stored one by 1 gets a `SequenceError`, one whose text cannot
   * be kept (NUL, lone surrogates) an `InvalidTextError`; the others go through.
   * @throws {StaleEpochError} a newer claim exists; nothing of the batch was written, unless that claim came while it
   * was under way
   * @throws {StoreFullError | StoreNotWritableError | StoreFailedError} nothing of the batch was written
   * @throws {StoreUnreachableError} its server was away: each checkpoint of the batch may have been written or not. Services that wait for the
   * next batch fail with it
   * @throws {StoreGoneError} its files were deleted, moved or replaced; nobody will find what was written
   */
  commit(batch: readonly CommitRequest[]): Promise<readonly CommitOutcome[]>
  /**
   * Sets the checkpoint with this sequence aside; the one before it becomes the newest, and after the only one
   * the sequence begins with 1 again. Does nothing where there is none.
   * @throws {StaleEpochError} a newer claim exists
   */
  quarantine(key: string, sequence: number, reason: string): Promise<void>
  /**
   * Deletes all of a key, its quarantined checkpoints included. Does nothing where there is none.
   * @throws {StaleEpochError} a newer claim exists
   */
  remove(key: string): Promise<void>
  /**
   * Takes nothing more, waits for what was asked before, which ends as though nobody had closed it, and gives the store back: only then
   * is it there for the next claim.
   */
  close(): Promise<void>
}

/**
 * Where checkpoints live.
 *
 * What a store rejects with beside the errors named here is told to the caller as the cause of a
 * `StoreFailedError` with this `location`, the service and the key.
 *
 * Promised by every store: a commit that resolved is there after kill -9, and after a power cut where
 * `durability` is `'power'`; of a commit that did not resolve, each checkpoint is there whole or not at all.
 */
export interface Store {
  /** For people: the folder or the address. */
  readonly location: string
  /** Absolute path of the folder that it is in, where it has one of its own: what belongs to it may stand there, too. */
  readonly folder?: string
  readonly durability: 'none' | 'process' | 'power'
  /**
   * Takes the store for this process.
   * @param options `signal`: ends the waiting of a store that waits for its owner: `claim` rejects then, and has written nothing. What
   * is claimed nevertheless, as by a store that does not look at it, is given back by who asked
   * @throws {StoreLockedError} at once, when another process holds it
   */
  claim(options?: { readonly signal?: AbortSignal }): Promise<StoreClaim>
  /** Opens the store for reading only; never creates or changes anything. */
  read(): Promise<StoreReader>
}
