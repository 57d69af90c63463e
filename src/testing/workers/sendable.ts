import { UnverifiableError } from '../../errors/testing.js'
import { alike } from '../compare.js'
import type { VerifyOptions } from '../options.js'
import { Plain } from '../world/plain.js'

/** What this thread alone has to do with. */
const NOBODY_ELSES: readonly string[] = ['workers', 'corpus', 'onPlan']

/**
 * Of the options that were given, those that workers need, which are given copies.
 * @throws {UnverifiableError} one of them is no data, such as a function or an object of a class, which have no copies
 */
export function sendable(given: VerifyOptions, service: string): VerifyOptions {
  const sent = Object.entries(given).filter(
    ([name, value]) => value !== undefined && !NOBODY_ELSES.includes(name),
  )
  const broken = sent.find(([, value]) => !survives(value))?.[0]
  // What was taken out is optional.
  if (broken === undefined) return Object.fromEntries(sent) as VerifyOptions
  throw new UnverifiableError(
    `The option \`${broken}\``,
    'it is no data, and workers cannot be given it',
    `Export it from the module, as in \`export const verify = { ${broken}: … }\`, and say so: { module: …, options: 'verify' }; or leave out \`workers\`.`,
    { service },
  )
}

/** Whether a copy is the same: objects of classes come out as others. */
function survives(value: unknown): boolean {
  try {
    return alike(new Plain().of(value), new Plain().of(structuredClone(value)))
  } catch {
    return false
  }
}
