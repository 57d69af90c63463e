import { computed, signal } from '@preact/signals'
import type { ControlCommand, ControlledMessage } from '../../../src/inspect/stream/message.js'

/** What came of the last thing that somebody has asked for. */
export type Outcome =
  | { readonly status: 'waiting'; readonly what: string }
  /** `result`: what the machine did with an event, where one was sent. */
  | { readonly status: 'done'; readonly what: string; readonly result?: string }
  | { readonly status: 'refused'; readonly what: string; readonly why: string }

export const outcome = signal<Outcome | undefined>(undefined)

/** Whether somebody waits for an answer. */
export const isWaiting = computed(() => outcome.value?.status === 'waiting')

type Send = (message: {
  readonly type: 'control'
  readonly id: number
  readonly request: ControlCommand
}) => void

/** Numbers of requests: an answer to an earlier one tells nothing of the last. */
let last = 0

/** Asks the server for something; `outcome` tells what comes of it. */
export function ask(send: Send, request: ControlCommand, what: string): void {
  last++
  outcome.value = { status: 'waiting', what }
  send({ type: 'control', id: last, request })
  // Nobody is left to answer it.
  if (request.type === 'crash') outcome.value = { status: 'done', what }
}

export function answered(message: ControlledMessage): void {
  const asked = outcome.value
  if (message.id !== last || asked === undefined) return
  outcome.value = message.ok
    ? { status: 'done', what: asked.what, ...resultOf(message.result) }
    : { status: 'refused', what: asked.what, why: message.problem.message }
}

/** As the command line says it of an event. */
const RESULTS: Readonly<Record<string, string>> = {
  ignored: 'ignored: no transition takes it in this state',
  seen: 'seen before, and not applied again',
  kept: 'kept in the inbox',
}

function resultOf(result: unknown): { readonly result?: string } {
  if (typeof result !== 'object' || result === null || !('outcome' in result)) return {}
  const told = RESULTS[String(result.outcome)]
  return told === undefined ? {} : { result: told }
}

/** The connection has ended: no answer will come. */
export function unanswered(): void {
  const asked = outcome.value
  if (asked?.status === 'waiting')
    outcome.value = { ...asked, status: 'refused', why: 'The connection ended before an answer came.' }
}
