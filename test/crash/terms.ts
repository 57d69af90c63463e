import { POLITE_EXIT } from './child.js'
import { Random } from './random.js'
import { GRACE_MS, Rounds, randomInstant } from './round.js'

/** What happened to a job that was told to end again and again. */
export interface TermReport {
  readonly terms: number
  /** Signals that came before the job had opened its store, or after it had closed it. */
  readonly outside: number
  readonly rounds: number
  readonly repeated: number
  readonly slowestMs: number
  readonly violations: readonly string[]
}

/**
 * Ends the main job with SIGTERM at random instants. Each time it must be gone within its grace, at rest in the
 * store, and nothing may be copied twice.
 */
export async function termTransfer(options: {
  readonly terms: number
  readonly seed: number
  readonly folder: string
}): Promise<TermReport> {
  const random = new Random(options.seed)
  const rounds = new Rounds(options.folder)
  await rounds.prepare(options.seed)
  let terms = 0
  let outside = 0
  let slowestMs = 0
  while (terms < options.terms && rounds.violations.length === 0) {
    const child = rounds.run()
    await randomInstant(child, random)
    const sentMs = performance.now()
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    const { code, signal } = await child.exited
    clearTimeout(timer)
    if (code === POLITE_EXIT) {
      terms++
      slowestMs = Math.max(slowestMs, performance.now() - sentMs)
      const phase = await rounds.phase()
      if (phase === 'running' || phase === 'failed') rounds.violations.push(`it rests as ${phase}`)
    } else if (signal === 'SIGTERM') outside++
    else if (code !== 0) rounds.violations.push(`a run ended with ${code ?? signal}: ${child.errors}`)
    await rounds.judgeIfDone()
  }
  if (rounds.violations.length === 0) await rounds.finish()
  const { finished, repeated, violations } = rounds
  if (repeated > 0) violations.push(`${repeated} chunks were copied twice, though every end was polite`)
  return { terms, outside, rounds: finished, repeated, slowestMs, violations }
}
