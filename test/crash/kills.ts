import { Random } from './random.js'
import { Rounds, randomInstant } from './round.js'

/** What happened to a job that was killed again and again. */
export interface KillReport {
  readonly kills: number
  readonly rounds: number
  readonly chunks: number
  readonly repeated: number
  readonly violations: readonly string[]
}

/**
 * Kills the main job with SIGKILL at random instants and starts it again, until so many kills are done; then
 * lets it finish. A round that finishes in between is judged, and the next begins.
 */
export async function killTransfer(options: {
  readonly kills: number
  readonly seed: number
  readonly folder: string
}): Promise<KillReport> {
  const random = new Random(options.seed)
  const rounds = new Rounds(options.folder)
  await rounds.prepare(options.seed)
  let kills = 0
  while (kills < options.kills && rounds.violations.length === 0) {
    const child = rounds.run()
    await randomInstant(child, random)
    child.kill('SIGKILL')
    const { code, signal } = await child.exited
    if (signal === 'SIGKILL') kills++
    else if (code !== 0) rounds.violations.push(`a run ended with ${code ?? signal}: ${child.errors}`)
    await rounds.judgeIfDone()
  }
  if (rounds.violations.length === 0) await rounds.finish()
  const { finished, chunks, repeated, violations } = rounds
  if (repeated > kills) violations.push(`${repeated} chunks were copied twice after ${kills} kills`)
  return { kills, rounds: finished, chunks, repeated, violations }
}
