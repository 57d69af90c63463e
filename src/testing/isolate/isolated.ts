import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Drivers } from '../world/drivers.js'
import type { MakeProcess, Surroundings } from '../world/process.js'
import { ChildProcess, type Lineage } from './child-process.js'

/** Processes of the operating system for worlds, and what is left of them to be cleaned up. */
interface Isolated {
  readonly process: MakeProcess
  close(): Promise<void>
}

/** Each life of the service in a process of its own, and each world with a SQLite store of its own. */
export async function isolated(source: {
  readonly module: string
  readonly export: string | undefined
  readonly actors: Drivers
}): Promise<Isolated> {
  const folder = await mkdtemp(join(tmpdir(), 'tardigrade-verify-'))
  const lineages = new Map<Surroundings, Lineage>()
  return {
    process(surroundings) {
      const name = `world-${lineages.size}`
      const lineage = lineages.get(surroundings) ?? {
        source,
        folder: join(folder, name),
        outside: [],
        spawned: [],
      }
      lineages.set(surroundings, lineage)
      return new ChildProcess(surroundings, lineage)
    },
    async close() {
      const spawned = [...lineages.values()].flatMap((lineage) => lineage.spawned)
      for (const process of spawned) process.kill()
      await Promise.all(spawned.map((process) => process.exited))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
