import { callControl } from '../control/call.js'
import { processExists } from '../control/process-exists.js'
import type { StoreReader } from '../ports/store.js'

/** Who owns the store, as far as can be told from outside. */
export type OwnerStatus =
  /** Nobody ever claimed it. */
  | { readonly state: 'none' }
  /** The last owner's process is gone. */
  | { readonly state: 'gone'; readonly pid: number; readonly claimedAtMs: number }
  /** A process with its number exists; `answers` says whether it takes requests for this store. */
  | {
      readonly state: 'alive'
      readonly pid: number
      readonly claimedAtMs: number
      readonly answers: boolean
    }

const PING_TIMEOUT_MS = 2000

/** Looks for the owner's process, and asks its control socket. */
export async function ownerStatus(reader: StoreReader, folder: string): Promise<OwnerStatus> {
  const owner = await reader.owner()
  if (owner === undefined) return { state: 'none' }
  const { pid, claimedAtMs } = owner
  const answers = await answersAs(pid, folder)
  if (!answers && !processExists(pid, claimedAtMs)) return { state: 'gone', pid, claimedAtMs }
  return { state: 'alive', pid, claimedAtMs, answers }
}

/** A sentence for people. */
export function ownerSentence(status: OwnerStatus): string {
  switch (status.state) {
    case 'none':
      return 'No process has claimed this store yet.'
    case 'gone':
      return `No process has this store open; the last one was ${status.pid}.`
    case 'alive':
      return status.answers
        ? `Process ${status.pid} has this store open and takes requests.`
        : `Process ${status.pid} claimed this store and still exists. It can be watched, not asked: it does not call serveControl, or has closed its supervisor.`
  }
}

async function answersAs(pid: number, folder: string): Promise<boolean> {
  try {
    const reply = await callControl(folder, { type: 'ping' }, { timeoutMs: PING_TIMEOUT_MS })
    return reply.pid === pid
  } catch {
    return false
  }
}
