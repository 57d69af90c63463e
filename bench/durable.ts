import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createSupervisor, type Service } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { alternate, definition, median, perSecond, type Row, sendEach, thousands, withFolder } from './kit.js'

const ROUNDS = 9
const SLICE = 1500
const SERVICES = 100

/** Appends `size` bytes `group` at a time, each group followed by fdatasync. Records a second. */
function rawAppend(file: number, size: number, group: number, count: number): number {
  const block = Buffer.alloc(size * group, 'x')
  const began = performance.now()
  for (let written = 0; written < count; written += group) {
    writeSync(file, block)
    fdatasyncSync(file)
  }
  return perSecond(count, performance.now() - began)
}

/** Runs, and adds the 99th percentile of the thread's stalls meanwhile, in ms, to a list. */
async function stalling(stalls: number[], run: () => Promise<number>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const rate = await run()
  delay.disable()
  stalls.push(delay.percentile(99) / 1e6)
  return rate
}

function stallRow(stallMs: number): Row {
  return {
    what: 'longest stall of the thread in that run, 99th percentile',
    ours: `${stallMs.toFixed(1)} ms`,
    yardstick: '',
    figure: `${stallMs.toFixed(1)} ms`,
    goal: '< 20 ms',
    met: stallMs < 20,
  }
}

/** Awaited `send` on SQLite with power durability: one service, and 100 at once; and the thread's stalls. */
export function benchDurable(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const supervisor = await createSupervisor({ store: sqliteStore(join(folder, 'store')) })
    const services: Service[] = []
    for (let index = 0; index < SERVICES; index++) {
      services.push((await supervisor.start(definition, { key: `service-${index}` })) as unknown as Service)
    }
    const [newest] = await supervisor.list({ limit: 1 })
    const size = newest?.size ?? 0
    const file = openSync(join(folder, 'raw'), 'a')
    const loneStalls: number[] = []
    const one = await alternate(
      ROUNDS,
      () => stalling(loneStalls, () => sendEach(services.slice(0, 1), SLICE)),
      () => rawAppend(file, size, 1, SLICE),
    )
    const stalls: number[] = []
    const hundred = await alternate(
      ROUNDS,
      () => stalling(stalls, () => sendEach(services, 100)),
      () => rawAppend(file, size, SERVICES, 10_000),
    )
    closeSync(file)
    await supervisor.close()
    return [
      {
        what: 'awaited send, one service, SQLite, power durability',
        ours: thousands(one.ours),
        yardstick: `${thousands(one.theirs)} append + fdatasync of ${size} bytes`,
        figure: one.ratio.toFixed(2),
        goal: '≥ 0.6',
        met: one.ratio >= 0.6,
      },
      stallRow(median(loneStalls)),
      {
        what: 'awaited send, 100 services at once, likewise',
        ours: thousands(hundred.ours),
        yardstick: `${thousands(hundred.theirs)} the same, 100 at a time`,
        figure: hundred.ratio.toFixed(2),
        goal: '≥ 0.2',
        met: hundred.ratio >= 0.2,
      },
      stallRow(median(stalls)),
    ]
  })
}
