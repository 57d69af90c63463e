import { UnencodableError } from '../../errors/codec.js'
import type { Rules } from './rules.js'
import { Walk } from './walk.js'

/**
 * Whether the cause of an error can be kept. Asked before it is walked in its place, because a walk that
 * fails half way has already noted half of it.
 */
export function isEncodable(rules: Rules, cause: unknown): boolean {
  try {
    new Walk(rules, undefined, true).visit(cause, 0)
    return true
  } catch (error) {
    if (!(error instanceof UnencodableError)) throw error
    // How deep it stands is known only in its place, which then refuses it.
    return error.kind === 'depth'
  }
}
