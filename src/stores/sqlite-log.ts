import { closeSync, fdatasync, openSync } from 'node:fs'

/** SQLite's log of commits, as far as its durability goes. */
export interface CommitLog {
  /** Resolves when everything that was committed so far is as durable as was asked. The thread goes on meanwhile. */
  durable(): Promise<void>
  /** Resolves when nothing is on its way any more and the file is given back. */
  close(): Promise<void>
}

/** A log that need outlive the process alone: the kernel has it as COMMIT returns. */
export const processLog: CommitLog = { durable: async () => {}, close: async () => {} }

/**
 * The log of the database at `path`, written with `synchronous = NORMAL`: SQLite keeps it whole and in order, and syncs
 * it before any of it goes into the database (https://sqlite.org/pragma.html#pragma_synchronous). So a commit outlives a
 * power cut once the log is synced. `FULL` would do that inside of COMMIT, where the thread waits for the disk.
 */
export function powerLog(path: string): CommitLog {
  const idle: number[] = []
  const underWay = new Set<Promise<void>>()
  return {
    async durable() {
      // It lies there from a connection's first commit until the last connection closes, always the same file. Each sync
      // under way has a descriptor of its own: that a write has failed Linux tells each of them once, whoever asks.
      const descriptor = idle.pop() ?? openSync(`${path}-wal`, 'r+')
      const synced = dataSynced(descriptor)
      underWay.add(synced)
      try {
        await synced
      } finally {
        underWay.delete(synced)
        idle.push(descriptor)
      }
    },
    async close() {
      await Promise.allSettled(underWay)
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
