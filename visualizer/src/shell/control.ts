import { signal } from '@preact/signals'
import type { ControlCommand, ControlledMessage } from '../../../src/inspect/stream/message.js'

/** What came of something that somebody has asked for. */
export type Outcome = {
  readonly id: number
  readonly what: string
  readonly of: ControlCommand
  readonly askedAtMs: number
} & Came

type Came =
  | { readonly status: 'waiting' }
  /** `result`: the server's answer, or what is known without one. `atMs`: when that was known. */
  | { readonly status: 'done'; readonly result: unknown; readonly atMs: number }
  | { readonly status: 'refused'; readonly why: string }

/** Of all that waits for an answer, and of what had one last. */
export const outcomes = signal<readonly Outcome[]>([])

/** Whether an answer to the same is waited for: what hangs keeps nobody from asking for anything else. */
export function isWaiting(command: ControlCommand): boolean {
  return outcomes.value.some(
    ({ status, of }) => status === 'waiting' && of.type === command.type && keyOf(of) === keyOf(command),
  )
}

/** Attributes of a button while an answer to the same is waited for: it keeps the focus, and `request` asks once. */
export function whileWaiting(command: ControlCommand): { readonly 'aria-disabled'?: true } {
  return isWaiting(command) ? { 'aria-disabled': true } : {}
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
  outcomes.value = [...open, { id: last, what, of: request, askedAtMs: Date.now(), status: 'waiting' }]
  send({ type: 'control', id: last, request })
}

export function answered(message: ControlledMessage): void {
  came(
    ({ id }) => id === message.id,
    message.ok
      ? { status: 'done', atMs: Date.now(), result: message.result }
      : { status: 'refused', why: message.problem.message },
  )
}

function came(isOf: (asked: Outcome) => boolean, what: Came): void {
  outcomes.value = outcomes.value.map((asked) => {
    if (asked.status !== 'waiting' || !isOf(asked)) return asked
    const { id, what: name, of, askedAtMs } = asked
    return { id, what: name, of, askedAtMs, ...what }
  })
}

/** The service of which something is asked; undefined of what is asked of the process. */
export function keyOf(command: ControlCommand): string | undefined {
  return 'key' in command ? command.key : undefined
}

/** The connection has ended: no answer will come. `isOwn`: it was to the process itself, and not to a server beside it. */
export function unanswered(isOwn: boolean): void {
  // Nobody is left to answer a crash or the end of the process that serves the page.
  came(({ of }) => of.type === 'crash' || (isOwn && of.type === 'stop'), {
    status: 'done',
    atMs: Date.now(),
    result: 'the connection ended, as it does with the process',
  })
  came(() => true, {
    status: 'refused',
    why: 'the connection ended before an answer came; it may have been done or not',
  })
}
