import { inFolder, killOwed, killTransfer } from '../../crash/run.js'
import type { Effort, Part, PartReport } from '../part.js'

/** Kills in one folder, before it is judged and another begins. */
const KILLS = 25

/** Real processes, ended by SIGKILL at random instants; see test/crash. */
async function kills({ seed, goOn }: Effort): Promise<PartReport> {
  const violations: string[] = []
  let killed = 0
  let chunks = 0
  let events = 0
  let again = 0
  for (let round = 0; goOn(killed) && violations.length === 0; round++) {
    const options = { kills: KILLS, seed: seed + round }
    // Most of their time is waited for an instant.
    const [owed, others, copied] = await Promise.all([
      inFolder((folder) => killOwed({ ...options, folder })),
      inFolder((folder) => killOwed({ ...options, seed: -options.seed - 1, folder })),
      inFolder((folder) => killTransfer({ ...options, folder })),
    ])
    killed += owed.kills + others.kills + copied.kills
    chunks += copied.chunks
    events += owed.events + others.events
    again += owed.repeatedEffects + others.repeatedEffects + copied.repeated
    for (const { folder, violations: found } of [owed, others, copied])
      violations.push(...found.map((one) => `seed ${seed + round}, folder ${folder}: ${one}`))
  }
  const figures = [
    { what: 'SIGKILLs of a real child process', reached: killed, goal: 1000 },
    { what: 'events acknowledged, with a timer and two effects each, none lost or doubled', reached: events },
    { what: 'chunks copied, none lost', reached: chunks },
    { what: 'effects and chunks that ran again, under the same key', reached: again },
  ]
  return { figures, violations }
}

export const killsPart: Part = { name: 'real processes killed', weight: 5, run: kills }
