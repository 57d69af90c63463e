import { signal } from '@preact/signals'
import type { ControlCommand, ControlledMessage } from '../../../src/inspect/stream/message.js'

/** What came of something that somebody has asked for. */
export type Outcome = { readonly id: number; readonly what: string; readonly of: ControlCommand } & Came

type Came =
  | { readonly status: 'waiting' }
  /** `result`: what the machine did with an event, where one was sent. */
  | { readonly status: 'done'; readonly result?: string }
  | { readonly status: 'refused'; readonly why: string }

/** Of all that waits for an answer, and of what had one last. */
export const outcomes = signal<readonly Outcome[]>([])

/** Whether an answer to the same is waited for: what hangs keeps nobody from asking for anything else. */
export function isWaiting(command: ControlCommand): boolean {
  return outcomes.value.some(
    ({ status, of }) => status === 'waiting' && of.type === command.type && keyOf(of) === keyOf(command),
  )
}

type Send = (message: {
  readonly type: 'control'
  readonly id: number
  readonly request: ControlCommand
}) => void

let last = 0

/** Asks the server for something; `outcomes` tells what comes of it. */
export function ask(send: Send, request: ControlCommand, what: string): void {
  last++
  const open = outcomes.value.filter((one) => one.status === 'waiting')
  outcomes.value = [...open, { id: last, what, of: request, status: 'waiting' }]
  send({ type: 'control', id: last, request })
}

export function answered(message: ControlledMessage): void {
  came(
    ({ id }) => id === message.id,
    message.ok
      ? { status: 'done', ...resultOf(message.result) }
      : { status: 'refused', why: message.problem.message },
  )
}

function came(isOf: (asked: Outcome) => boolean, what: Came): void {
  outcomes.value = outcomes.value.map((asked) =>
    asked.status === 'waiting' && isOf(asked)
      ? { id: asked.id, what: asked.what, of: asked.of, ...what }
      : asked,
  )
}

function keyOf(command: ControlCommand): string | undefined {
  return 'key' in command ? command.key : undefined
}

/** As the command line says it of an event. */
const RESULTS: Readonly<Record<string, string>> = {
  ignored: 'ignored: no transition takes it in this state',
  seen: 'seen before, and not applied again',
  kept: 'kept in the inbox',
}

function resultOf(result: unknown): { readonly result?: string } {
  if (typeof result !== 'object' || result === null) return {}
  // Of all that is asked for, only a kill to come answers with a state and nothing else.
  if ('state' in result && !('phase' in result)) return { result: 'armed, until it is taken back' }
  if ('changed' in result && result.changed === false) return { result: 'there was nothing to do' }
  if (!('outcome' in result)) return {}
  const told = RESULTS[String(result.outcome)]
  return told === undefined ? {} : { result: told }
}

/** The connection has ended: no answer will come. */
export function unanswered(): void {
  // Nobody is left to answer a crash of the process that serves the page.
  came(({ of }) => of.type === 'crash', {
    status: 'done',
    result: 'the connection ended, as it does with the process',
  })
  came(() => true, {
    status: 'refused',
    why: 'the connection ended before an answer came; it may have been done or not',
  })
}
