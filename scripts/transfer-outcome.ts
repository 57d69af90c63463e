import type { Service } from 'tardigrade'
import { type Problem, progressOf, type transferMachine } from '../machines/transfer/index.js'
import { type Display, megabytes } from './transfer-display.js'
import { EXIT, exitOfProblem } from './transfer-exit.js'

export type TransferService = Service<typeof transferMachine>

/** How a transfer came to its end, or to a point where it cannot go on without somebody. */
export interface Outcome {
  readonly code: number
  readonly lines: readonly string[]
}

/** Shows the transfer until it ends. When a signal ends the process, this never resolves. */
export function outcomeOf(service: TransferService, display: Display): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      end()
    }
    let told: Problem | undefined
    const look = () => {
      const { value: lifecycle, context } = service.getSnapshot()
      const progress = progressOf(service.machine.getSnapshot())
      const { phase, problem, chunk, chunks } = progress
      display.show({ lifecycle, ...progress })
      if (lifecycle === 'failed') settle(() => reject(context.failure))
      else if (lifecycle === 'done') settle(() => resolve(doneOutcome(service)))
      else if (lifecycle === 'paused') {
        display.say(`Paused at chunk ${chunk} of ${chunks}; all before it is safe. The same command goes on.`)
      } else if (phase === 'waiting' && problem !== undefined && problem !== told) {
        told = problem
        display.say(`${problem.message} It tries again by itself.`)
      } else if (phase === 'failed' && problem !== undefined) {
        const hint = 'Mend that, then repeat the command.'
        settle(() => resolve({ code: exitOfProblem(problem.kind), lines: [`${problem.message} ${hint}`] }))
      }
    }
    const subscriptions = [service.subscribe(look), service.machine.subscribe(look)]
    look()
  })
}

function doneOutcome(service: TransferService): Outcome {
  const { output } = service.machine.getSnapshot()
  if (output?.status !== 'done') return { code: EXIT.tryLater, lines: ['The transfer was cancelled.'] }
  const { bytes, sha256, place } = output
  return {
    code: 0,
    lines: [
      `Done: ${megabytes(bytes)} in ${place}`,
      `SHA-256 of source and copy: ${sha256}`,
      'Repeat the command for another round.',
    ],
  }
}
