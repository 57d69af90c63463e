import { readJson } from '../../checkpoint/json.js'
import { ForeignTokenError } from '../../errors/testing.js'
import type { Step } from './steps.js'

/** The version of plans that this kit writes and reads. */
export const TOKEN_VERSION = 1

const PREFIX = `tardigrade-plan-${TOKEN_VERSION}.`

/** What finds a token, of whatever version, in a text. */
export const TOKEN_PATTERN = /tardigrade-plan-\d+\.[\w-]+/g

/** A plan that can be run again: its steps, and what is to happen around a commit or an effect of it. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly point?: PersistencePoint | undefined
}

/** A moment in which something becomes durable or happens outside, counted from the beginning of a plan. */
export type PersistencePoint =
  | { readonly commit: number; readonly fate: 'death-before' | 'torn' | 'death-after' | 'full' }
  | { readonly effect: number; readonly fate: 'death-before' | 'death-during' | 'death-after' }

/** A plan as one text that `replay` takes. It holds the events, so give it to nobody who must not see them. */
export function tokenOf(service: string, { steps, point }: Plan): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ service, steps, point }))
  let characters = ''
  for (const byte of bytes) characters += String.fromCharCode(byte)
  return PREFIX + btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** @throws {ForeignTokenError} it is no token, one of another version, or one of another service */
export function planOf(service: string, token: string): Plan {
  const plan = planOfAny(service, token)
  if (plan.service !== service)
    throw new ForeignTokenError(`is of the service “${plan.service}”`, { service })
  return plan
}

/**
 * The plan, and the service whose it is.
 * @param service who asks
 * @throws {ForeignTokenError} it is no token, or one of another version
 */
export function planOfAny(service: string, token: string): Plan & { readonly service: string } {
  const version = /^tardigrade-plan-(\d+)\./.exec(token)?.[1]
  if (version === undefined) throw new ForeignTokenError('is no token of a plan', { service })
  if (!token.startsWith(PREFIX)) {
    throw new ForeignTokenError(`is of version ${version}, and this code reads version ${TOKEN_VERSION}`, {
      service,
    })
  }
  try {
    const text = atob(token.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    // Written by `tokenOf`; what is not fails as it is run.
    return readJson(new TextDecoder().decode(bytes)) as Plan & { readonly service: string }
  } catch (cause) {
    throw new ForeignTokenError('is damaged', { service, cause })
  }
}
