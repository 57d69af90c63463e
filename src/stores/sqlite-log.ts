import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { makeRoom } from './sqlite-room.js'
import { SyncPace } from './sync-pace.js'

/** SQLite's log of commits, as far as its durability goes. */
export interface CommitLog {
  /** Takes what it needs for all that follows; to be called after a first commit, from which on the log lies there. */
  open(): void
  /** Whether it has no room for what is to be written. */
  readonly isShort: boolean
  /** Makes that room; to be called inside a transaction, so that nobody else writes meanwhile. */
  reserve(): void
  /**
   * Resolves when everything that was committed so far is as durable as was asked. The thread goes on meanwhile, unless `isAlone`,
   * nobody else having anything to write, and the disk is quicker than another thread would be to tell.
   */
  durable(isAlone?: boolean): Promise<void>
  /** Resolves when nothing is on its way any more and the file is given back. */
  close(): Promise<void>
}

/** A log that need outlive the process alone: the kernel has it as COMMIT returns. */
export const processLog: CommitLog = {
  open: () => {},
  isShort: false,
  reserve: () => {},
  durable: async () => {},
  close: async () => {},
}

/** Syncs at once: as many batches are on their way. */
const DESCRIPTORS = 2

/** Of so many syncs another thread has one at least, so that the platform has its turn: every few milliseconds. */
const TURN_EVERY = 16

/** Room that is made at once, in bytes. */
const ROOM = 1 << 20

/** Syncs after which it is looked whether that is used up: a look costs one of them a twentieth. */
const LOOK_EVERY = 32

/**
 * The log of the database at `path`, written with `synchronous = NORMAL`: SQLite keeps it whole and in order, and syncs
 * it before any of it goes into the database (https://sqlite.org/pragma.html#pragma_synchronous). So a commit outlives a
 * power cut once the log is synced. `FULL` would do that inside of COMMIT, where the thread waits for the disk.
 */
export function powerLog(path: string): CommitLog {
  const idle: number[] = []
  const pace = new SyncPace()
  const underWay = new Set<Promise<void>>()
  /** Where the room ends that was made, in bytes. */
  let reserved = 0
  /** The log is longer than that. */
  let hasOutgrown = true
  let syncs = 0
  /** The sync that begins as soon as a descriptor is free, for all who have come until then. */
  let next: Promise<void> | undefined

  function sync(descriptor: number): Promise<void> {
    const beganMs = performance.now()
    const synced = dataSynced(descriptor).finally(() => {
      pace.took(performance.now() - beganMs)
      underWay.delete(synced)
      idle.push(descriptor)
    })
    underWay.add(synced)
    look(descriptor)
    return synced
  }

  /** On this thread. */
  async function syncNow(descriptor: number): Promise<void> {
    const beganMs = performance.now()
    try {
      fdatasyncSync(descriptor)
    } finally {
      pace.took(performance.now() - beganMs)
      idle.push(descriptor)
    }
    look(descriptor)
  }

  function look(descriptor: number): void {
    if (++syncs % LOOK_EVERY === 0) hasOutgrown = fstatSync(descriptor).size > reserved
  }

  async function syncWhenFree(): Promise<void> {
    let descriptor = idle.pop()
    while (descriptor === undefined) {
      await Promise.race(underWay).catch(() => {})
      descriptor = idle.pop()
    }
    next = undefined
    return sync(descriptor)
  }

  return {
    get isShort() {
      return hasOutgrown
    },
    open() {
      // The file stays the same one until the last connection closes. Each sync under way has a descriptor of its own: that a
      // write has failed Linux tells each of them once, whoever asks, and may never tell one that is opened later.
      while (idle.length < DESCRIPTORS) idle.push(openSync(`${path}-wal`, 'r+'))
    },
    reserve() {
      const [descriptor] = idle
      if (!hasOutgrown || descriptor === undefined) return
      reserved = makeRoom(descriptor, ROOM)
      hasOutgrown = false
    },
    durable(isAlone = false) {
      if (next !== undefined) return next
      const isNow = isAlone && underWay.size === 0 && pace.isQuick && syncs % TURN_EVERY !== 0
      const descriptor = idle.pop()
      if (descriptor !== undefined) return isNow ? syncNow(descriptor) : sync(descriptor)
      next = syncWhenFree()
      return next
    },
    async close() {
      await Promise.allSettled([...underWay, next])
      for (const descriptor of idle.splice(0)) closeSync(descriptor)
    },
  }
}

function dataSynced(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // On macOS libuv asks the drive itself to write its cache, as SQLite's `fullfsync` does.
    fdatasync(descriptor, (error) => (error === null ? resolve() : reject(error)))
  })
}
