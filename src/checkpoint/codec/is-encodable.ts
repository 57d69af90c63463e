import { UnencodableError } from '../../errors/codec.js'
import type { Rules } from './rules.js'
import { Walk } from './walk.js'

/** Looks at a value without making its text. @throws {UnencodableError} it would not come back as it is */
export function checkEncodable(rules: Rules, value: unknown): void {
  new Walk(rules).visit(value, 0)
}

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
