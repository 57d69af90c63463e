import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { seal, unseal } from '../src/checkpoint/seal.js'
import { defineService } from '../src/index.js'
import { alternate, machine, perSecond, type Row, thousands, withFolder } from './kit.js'

const CHILD = fileURLToPath(new URL('./revive-child.js', import.meta.url))
const SIZES = [1000, 10_000, 100_000]

/** Writes that many checkpoints of about 2 kB, made from one that a service wrote. */
async function fill(folder: string, count: number): Promise<void> {
  const source = memoryStore()
  const padded = machine.provide({})
  const definition = defineService({ id: 'two-kb', version: 1, machine: padded })
  const supervisor = await createSupervisor({ store: source })
  await supervisor.start(definition, { key: 'KEY' })
  await supervisor.close()
  const stored = await (await source.read()).load('KEY')
  if (stored === undefined) throw new Error('nothing was stored')
  const { body } = unseal(stored.text)
  const padding = 'x'.repeat(2000 - body.length)
  const big = body
    .replace('"a small machine"', `"${padding}"`)
    .replace('"phase":"paused"', '"phase":"running"')
  const claim = await sqliteStore(folder, { durability: 'process' }).claim()
  for (let first = 0; first < count; first += 1000) {
    await claim.commit(
      Array.from({ length: Math.min(1000, count - first) }, (_, index) => {
        const key = `service-${first + index}`
        const text = seal(big.replace('"key":"KEY"', `"key":"${key}"`).replace('"id":"KEY"', `"id":"${key}"`))
        const { epoch: _epoch, ...request } = stored
        return { ...request, key, sequence: 1, phase: 'running' as const, text }
      }),
    )
  }
  await claim.close()
}

/** Services of 2 kB revived from SQLite in a fresh process, and whether the time grows linearly. */
export async function benchRevive(): Promise<Row[]> {
  const rates: number[] = []
  const bareRates: number[] = []
  for (const count of SIZES) {
    await withFolder(async (folder) => {
      const store = join(folder, 'store')
      await fill(store, count)
      const revive = (how: 'ours' | 'bare') => {
        const told = execFileSync(process.execPath, [CHILD, store, String(count), how], { encoding: 'utf8' })
        return perSecond(count, Number(told))
      }
      const { ours, theirs } = await alternate(
        count > 50_000 ? 1 : 3,
        () => revive('ours'),
        () => revive('bare'),
      )
      rates.push(ours)
      bareRates.push(theirs)
    })
  }
  const [small = 0, middle = 0, large = 0] = rates
  const [bareSmall = 0, ...bareLarger] = bareRates
  const least = Math.min(middle, large)
  const linearity = large / middle
  return [
    {
      what: 'services of 2 kB revived from SQLite in a fresh process, 10,000 and 100,000 of them',
      ours: `${thousands(middle)}, ${thousands(large)}`,
      yardstick: `${bareLarger.map(thousands).join(', ')} by SELECT, superjson.parse and createActor alone`,
      figure: thousands(least),
      goal: '≥ 5.0k/s',
      met: least >= 5000,
    },
    {
      what: 'the first 1,000 alone, in which V8 compiles what a revival runs',
      ours: thousands(small),
      yardstick: `${thousands(bareSmall)} likewise`,
      figure: thousands(small),
      goal: '',
      met: undefined,
    },
    {
      what: 'speed at 100,000 against that at 10,000 (1 is linear)',
      ours: '',
      yardstick: '',
      figure: linearity.toFixed(2),
      goal: '≥ 0.8',
      met: linearity >= 0.8,
    },
  ]
}
