import { parentPort, workerData } from 'node:worker_threads'
import { type Effort, minutes, type PartReport } from './part.js'
import { LANES } from './parts.js'

/** What a lane is to run: those of its parts that are named, in so much time. */
export interface LaneTask {
  readonly lane: number
  readonly parts: readonly string[]
  readonly minutes: number
  readonly seed: number
}

/** What a lane tells: that a part goes on, or that it is done. */
export type LaneNews =
  | { readonly part: string; readonly cases: number }
  | { readonly part: string; readonly report: PartReport }

const PROGRESS_EVERY_MS = 20_000

/** The same, telling now and then how far it has come. */
function telling(part: string, { seed, goOn }: Effort): Effort {
  let toldMs = performance.now()
  return {
    seed,
    goOn: (cases) => {
      if (performance.now() - toldMs > PROGRESS_EVERY_MS) {
        toldMs = performance.now()
        tell({ part, cases })
      }
      return goOn(cases)
    },
  }
}

function tell(news: LaneNews): void {
  parentPort?.postMessage(news)
}

/** One lane in a thread of its own, which tells its reports one by one. */
async function main(task: LaneTask): Promise<void> {
  const parts = (LANES[task.lane] ?? []).filter(({ name }) => task.parts.includes(name))
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  for (const part of parts) {
    const effort = minutes((task.minutes * part.weight) / total, task.seed)
    tell({ part: part.name, report: await part.run(telling(part.name, effort)) })
  }
}

// Started by `run` alone, with such a task.
await main(workerData as LaneTask)
