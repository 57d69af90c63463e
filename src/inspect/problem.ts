import { TardigradeError } from '../errors/base.js'
import { reasonOf } from '../errors/text-of.js'
import type { Problem } from './stream/message.js'

/** An error as it is told to a client: stacks and causes stay where they are. */
export function problemFrom(error: unknown): Problem {
  if (!(error instanceof TardigradeError)) return { code: 'INTERNAL', message: reasonOf(error) }
  const { code, message, remedy } = error
  return { code, message, remedy }
}
