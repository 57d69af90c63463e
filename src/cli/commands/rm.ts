import { createInterface } from 'node:readline/promises'
import { callControl } from '../../control/call.js'
import { OwnerUnreachableError } from '../../control/errors.js'
import { UsageError } from '../../errors/cli.js'
import { recordRemoval } from '../../inspect/files/record-removal.js'
import { systemClock } from '../../runtime/clock.js'
import { EXIT } from '../exit-codes.js'
import { printable } from '../format.js'
import { type Output, toJson } from '../output.js'
import { loadExisting, withClaim, withReader } from '../store.js'

export interface RmOptions {
  readonly store: string
  readonly yes?: boolean
}

/**
 * `tardigrade rm KEY`: deletes a service, through the store's owner or, when nobody owns it, by itself.
 * @throws {KeyNotFoundError | StoreLockedError | UsageError}
 */
export async function rm(output: Output, key: string, options: RmOptions): Promise<number> {
  const found = await withReader(options.store, async (reader, { folder }) => {
    const { service, phase } = await loadExisting(reader, key, folder)
    return { folder, service, phase }
  })
  const named = printable(`${found.service} ${key} (${found.phase})`)
  if (options.yes !== true && !(await confirmed(output, `Delete ${named} and all its checkpoints?`))) {
    output.err('Nothing was deleted.')
    return EXIT.failed
  }
  try {
    await callControl(found.folder, { type: 'rm', key })
  } catch (error) {
    if (!(error instanceof OwnerUnreachableError)) throw error
    await withClaim(output, options.store, async (claim) => {
      await claim.remove(key)
      // Before another process can start one of the same key.
      recordRemoval(found.folder, { definition: found.service, key }, systemClock)
    })
  }
  output.out(output.json ? toJson({ key, removed: true }) : `Deleted ${named}.`)
  return EXIT.done
}

async function confirmed(output: Output, question: string): Promise<boolean> {
  if (!output.errIsTerminal || process.stdin.isTTY !== true) {
    throw new UsageError(
      'Deleting cannot be undone, and nobody is here to be asked.',
      'Add --yes if you are sure.',
    )
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl+C and Ctrl+D close the prompt, and leave the question open for ever.
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
  try {
    const answer = await Promise.race([prompt.question(`${question} [y/N] `), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    prompt.close()
  }
}
