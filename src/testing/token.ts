import { readJson } from '../checkpoint/json.js'
import { ForeignTokenError } from '../errors/testing.js'
import type { Step } from './steps.js'

const PREFIX = 'tardigrade-plan-1.'

/** Steps as one text that `replay` takes. It holds the events, so give it to nobody who must not see them. */
export function tokenOf(service: string, steps: readonly Step[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ service, steps }))
  return (
    PREFIX +
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
  )
}

/** @throws {ForeignTokenError} it is no token, one of another version, or one of another service */
export function stepsOf(service: string, token: string): readonly Step[] {
  const version = /^tardigrade-plan-(\d+)\./.exec(token)?.[1]
  if (version === undefined) throw new ForeignTokenError('is no token of a plan', { service })
  if (!token.startsWith(PREFIX)) {
    throw new ForeignTokenError(`is of version ${version}, and this code reads version 1`, { service })
  }
  let plan: { readonly service: string; readonly steps: readonly Step[] }
  try {
    const text = atob(token.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    // Written by `tokenOf`; what is not fails as it is run.
    plan = readJson(new TextDecoder().decode(bytes)) as typeof plan
  } catch (cause) {
    throw new ForeignTokenError('is damaged', { service, cause })
  }
  if (plan.service !== service)
    throw new ForeignTokenError(`is of the service “${plan.service}”`, { service })
  return plan.steps
}
