import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { defineService, type TaskScope, task } from 'tardigrade'
import type { CopyInput } from '../../machines/transfer/copy.js'
import type { TransferPlan } from '../../machines/transfer/input.js'
import { transferMachineOf } from '../../machines/transfer/machine-of.js'
import type { TransferJob } from '../../machines/transfer/measure.js'
import { Pace } from '../../machines/transfer/pace.js'
import { TransferError } from '../../machines/transfer/problem.js'
import type { VerifyInput } from '../../machines/transfer/verify.js'
import { kept, letGo } from './files.js'
import { digest, held, send } from './resumable.js'

/** What is sent between two checkpoints, in bytes. */
const CHUNK_BYTES = 1 << 20

const sourceOf = async ({ plan, job }: { plan: TransferPlan; job: TransferJob }): Promise<File> => {
  const file = await kept(plan.from)
  if (file.size === job.facts.size && file.lastModified === job.facts.mtimeMs) return file
  throw new TransferError('source-changed', 'The file was written to since the upload began.')
}

/** Sends chunk by chunk; its progress is the number of bytes that are safe at the server. */
const copy = task(
  async ({ input, progress, signal, interruption }: TaskScope<CopyInput, number>): Promise<void> => {
    const { plan, job } = input
    const file = await sourceOf(input)
    const upload = { address: job.place, size: job.facts.size, signal }
    const pace = new Pace(plan.bytesPerSecond)
    const known = progress.value ?? input.bytesDone
    // A fresh upload begins at its first byte; else the server's word counts.
    let at = known === 0 && file.size > 0 ? 0 : await held(upload)
    if (at !== known) await progress.set(at)
    while (at < file.size) {
      const chunk = file.slice(at, at + plan.chunkSize)
      at = await send(upload, at, chunk)
      await progress.set(at)
      await pace.spend(chunk.size, interruption)
    }
  },
)

const verify = task(
  async ({ input, step, signal, interruption }: TaskScope<VerifyInput>): Promise<string> => {
    const { plan, job } = input
    const ofFile = await step('hash the file', async () => {
      const hash = sha256.create()
      for await (const piece of piecesOf(await sourceOf(input))) {
        interruption.throwIfAborted()
        hash.update(piece)
      }
      return bytesToHex(hash.digest())
    })
    const ofServer = await step('ask the server', () =>
      digest({ address: job.place, size: job.facts.size, signal }),
    )
    if (ofFile !== ofServer) {
      throw new TransferError('mismatch', `The server’s SHA-256 is ${ofServer}, the file’s ${ofFile}.`)
    }
    await step('let the kept file go', () => letGo(plan.from))
    return ofFile
  },
)

/** Not every browser’s streams can be iterated. */
async function* piecesOf(file: File): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += CHUNK_BYTES) {
    yield new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer())
  }
}

/** The machine of `machines/transfer`, which here takes a file that the page has kept (`from`) to an address (`to`). */
const machine = transferMachineOf({
  planOf: (input) => ({ ...input, chunkSize: input.chunkSize ?? CHUNK_BYTES }),
  measure: task(
    async ({
      input,
    }: TaskScope<{ plan: TransferPlan; known: TransferJob | undefined }>): Promise<TransferJob> => {
      const { plan, known } = input
      const { size, lastModified } = await kept(plan.from)
      return known ?? { place: plan.to, facts: { size, mtimeMs: lastModified, mode: 0 } }
    },
  ),
  copy,
  verify,
  discard: task(({ input }: TaskScope<{ place: string | undefined }>) => {
    // The server forgets by itself what nobody ends; the page lets the file go as it removes the service.
    void input
  }),
})

/** A hidden tab goes on; without a network, and on a battery that is nearly empty, it rests. */
export const upload = defineService({
  id: 'upload',
  version: 1,
  machine,
  pauseOn: ['offline', 'low-battery', 'data-saver'],
})
