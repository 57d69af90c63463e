import type { Service } from 'tardigrade'
import { type Problem, progressOf, type transferMachine } from '../machines/transfer/index.js'
import { argument, span } from '../src/cli/format.js'
import { type Display, megabytes } from './transfer-display.js'
import { EXIT, exitOfProblem } from './transfer-exit.js'

export type TransferService = Service<typeof transferMachine>

/** How a transfer came to its end, or to a point where it cannot go on without somebody. */
export interface Outcome {
  readonly code: number
  readonly lines: readonly string[]
}

/**
 * Shows the transfer until it ends. When a signal ends the process, this never resolves.
 * @param command how `tardigrade` is called for its store
 */
export function outcomeOf(service: TransferService, display: Display, command: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      end()
    }
    let told: Problem | undefined
    const look = () => {
      const { value: lifecycle, context } = service.getSnapshot()
      const progress = progressOf(service.machine.getSnapshot())
      const { phase, problem, chunk, chunks, bytesDone, retryInMs } = progress
      display.show({ lifecycle, ...progress })
      if (lifecycle === 'failed') settle(() => reject(context.failure))
      else if (lifecycle === 'done') settle(() => resolve(doneOutcome(service)))
      else if (lifecycle === 'stopped') settle(() => resolve(REMOVED))
      else if (lifecycle === 'paused') {
        const at =
          bytesDone === 0 ? 'before the first chunk' : `at chunk ${chunk} of ${chunks}; all before it is safe`
        display.say(`Paused ${at}. ${wayOn(service, command)}`)
      } else if (retryInMs !== undefined && problem !== undefined && problem !== told) {
        const again = `It tries again in ${span(retryInMs)}`
        display.say(`${problem.message} ${again}${told === undefined ? WITHOUT_END : '.'}`)
        told = problem
      } else if (phase === 'failed' && problem !== undefined) {
        const hint = 'Mend that, then repeat the command.'
        settle(() => resolve({ code: exitOfProblem(problem.kind), lines: [`${problem.message} ${hint}`] }))
      }
    }
    const subscriptions = [service.subscribe(look), service.machine.subscribe(look)]
    look()
  })
}

/** Said once: it never gives up by itself. */
const WITHOUT_END =
  ', later each time, at last every 5 min, and never gives up. Ctrl+C ends it; the same command goes on.'

const REMOVED: Outcome = { code: EXIT.tryLater, lines: ['The transfer was deleted by another process.'] }

/** What lets a paused transfer go on: this process waits for whoever has paused it, unless it ends itself. */
function wayOn(service: TransferService, command: string): string {
  const { holds } = service.getSnapshot().context
  const lasting = holds.filter((hold) => hold !== 'shutdown')
  if (lasting.length === 0) return 'The same command goes on.'
  const options = lasting.map((hold) => (hold === 'user' ? '' : ` --hold ${argument(hold)}`))
  const resumed = options.map((option) => `\`${command} resume ${service.key}${option}\``).join(' and ')
  // Whoever has paused it is waited for in the next process as well.
  return holds.length > lasting.length
    ? `The same command waits with it until ${resumed}.`
    : `It goes on with ${resumed}.`
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
