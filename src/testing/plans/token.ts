import { createCodec } from '../../checkpoint/codec/codec.js'
import type { CodecOptions } from '../../checkpoint/codec/options.js'
import { readJson } from '../../checkpoint/json.js'
import { UnencodableError } from '../../errors/codec.js'
import { isObject } from '../../errors/option-checks.js'
import { ForeignTokenError } from '../../errors/testing.js'
import { isOf } from '../is-of.js'
import { freshFor } from '../world/fresh.js'
import { ALL_STEPS, stepProblem } from './step-problem.js'
import type { Step } from './steps.js'

/** The versions of plans that this kit writes and reads: of JSON, and of what JSON does not have, such as a Date, a Map or a BigInt. */
const [JSON_VERSION, CODEC_VERSION] = ['1', '2']

/** What finds a token, of whatever version, in a text. */
export const TOKEN_PATTERN = /tardigrade-plan-\d+\.[\w-]+/g

/** A plan that can be run again: its steps, and what is to happen around a commit or an effect of it. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly point?: PersistencePoint | undefined
}

/** What a commit can meet. */
export const COMMIT_FATES = ['death-before', 'torn', 'death-after', 'full'] as const

/** What an effect can meet. */
export const EFFECT_FATES = ['death-before', 'death-during', 'death-after'] as const

/** A moment in which something becomes durable or happens outside, counted from the beginning of a plan. */
export type PersistencePoint =
  | { readonly commit: number; readonly fate: (typeof COMMIT_FATES)[number] }
  | { readonly effect: number; readonly fate: (typeof EFFECT_FATES)[number] }

/** Classes and types that the events of a service may hold. */
type TokenRules = Pick<CodecOptions, 'classes' | 'allow'>

/**
 * A plan as one text that `replay` takes. It holds the events, so give it to nobody who must not see them. One of which an event
 * cannot be written says so when it is read: what was found counts more than its token.
 */
export function tokenOf(service: string, { steps, point }: Plan, rules: TokenRules = {}): string {
  const { classes = {}, allow = [] } = rules
  const fresh = freshFor(classes)
  // One event that is sent twice is two.
  const plan = { service, steps: steps.map((step) => fresh(step)), ...(point !== undefined && { point }) }
  try {
    const text = createCodec({ classes, allow }).encode(plan)
    // So the codec writes it.
    const { json, meta } = readJson(text) as { readonly json: unknown; readonly meta?: unknown }
    return meta === undefined ? packed(JSON_VERSION, JSON.stringify(json)) : packed(CODEC_VERSION, text)
  } catch (error) {
    if (!(error instanceof UnencodableError)) throw error
    return packed(
      JSON_VERSION,
      JSON.stringify({ service, lost: `${error.path.join('.')}: ${error.problem}` }),
    )
  }
}

function packed(version: string, text: string): string {
  let characters = ''
  for (const byte of new TextEncoder().encode(text)) characters += String.fromCharCode(byte)
  const base64 = btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return `tardigrade-plan-${version}.${base64}`
}

/** @throws {ForeignTokenError} it is no token, is damaged, of another version or of another service, or holds no plan */
export function planOf(service: string, token: string, rules: TokenRules = {}): Plan {
  const { text, coded, plan } = opened(service, token)
  if (plan.service !== undefined && plan.service !== service)
    throw new ForeignTokenError(`is of the service “${plan.service}”`, { service })
  if (!coded) return checked(service, plan)
  try {
    const { classes = {}, allow = [] } = rules
    return checked(service, membersOf(createCodec({ classes, allow }).decode(text)))
  } catch (cause) {
    if (cause instanceof ForeignTokenError) throw cause
    throw new ForeignTokenError('is damaged', { service, cause })
  }
}

/**
 * Whose the plan is, whatever is in it.
 * @param service who asks
 * @throws {ForeignTokenError} it is no token, is damaged, or of another version
 */
export function serviceOf(service: string, token: string): unknown {
  return opened(service, token).plan.service
}

/** What parses may be anything. */
type Members = Readonly<Record<string, unknown>>

// A plain view of an object, whose members are taken as unknown.
const membersOf = (value: unknown) => (isObject(value) ? value : {}) as Members

interface Opened {
  readonly text: string
  /** Whether it is the codec's. */
  readonly coded: boolean
  /** As JSON has it. */
  readonly plan: Members
}

function opened(service: string, token: string): Opened {
  const [, version, base64 = ''] = /^tardigrade-plan-(\d+)\.(.*)/s.exec(String(token)) ?? []
  if (version === undefined) throw new ForeignTokenError('is no token of a plan', { service })
  if (version !== JSON_VERSION && version !== CODEC_VERSION) {
    throw new ForeignTokenError(
      `is of version ${version}, and this code reads versions ${JSON_VERSION} and ${CODEC_VERSION}`,
      { service },
    )
  }
  try {
    const characters = atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
    const text = new TextDecoder().decode(Uint8Array.from(characters, (one) => one.charCodeAt(0)))
    const json = membersOf(readJson(text))
    const coded = version === CODEC_VERSION
    return { text, coded, plan: coded ? membersOf(json.json) : json }
  } catch (cause) {
    throw new ForeignTokenError('is damaged', { service, cause })
  }
}

function checked(service: string, { service: of, steps, point, lost }: Members): Plan {
  if (typeof lost === 'string') {
    throw new ForeignTokenError(`holds no plan, since an event in it cannot be written: ${lost}`, {
      service,
      remedy: 'Register its class in the definition’s `classes`, or send data alone, and verify again.',
    })
  }
  if (of === undefined || !Array.isArray(steps))
    throw new ForeignTokenError('is damaged: it has no steps', { service })
  for (const [index, step] of steps.entries()) {
    const problem = stepProblem(step, ALL_STEPS)
    if (problem !== undefined)
      throw new ForeignTokenError(`cannot be run here: of its step ${index + 1}, ${problem}`, { service })
  }
  if (!isPoint(point)) throw new ForeignTokenError('is damaged: its moment is none', { service })
  return { steps, point }
}

function isPoint(point: unknown): point is PersistencePoint | undefined {
  if (point === undefined) return true
  if (!isObject(point) || !('fate' in point)) return false
  const [at, fates] =
    'commit' in point
      ? [point.commit, COMMIT_FATES]
      : ['effect' in point ? point.effect : undefined, EFFECT_FATES]
  return Number.isSafeInteger(at) && Number(at) > 0 && isOf<unknown>(fates, point.fate)
}
