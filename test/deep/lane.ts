import { parentPort, workerData } from 'node:worker_threads'
import { minutes } from './part.js'
import { LANES } from './parts.js'

/** What a lane is to run: those of its parts that are named, in so much time. */
export interface LaneTask {
  readonly lane: number
  readonly parts: readonly string[]
  readonly minutes: number
  readonly seed: number
}

/** One lane in a thread of its own, which tells its reports one by one. */
async function main(task: LaneTask): Promise<void> {
  const parts = (LANES[task.lane] ?? []).filter(({ name }) => task.parts.includes(name))
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  for (const part of parts) {
    const report = await part.run(minutes((task.minutes * part.weight) / total, task.seed))
    parentPort?.postMessage({ part: part.name, report })
  }
}

// Started by `run` alone, with such a task.
await main(workerData as LaneTask)
