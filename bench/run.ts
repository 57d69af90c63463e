// Runs every benchmark, prints the rows, and writes BENCHMARKS.md. `--only NAME` runs one, and writes nothing. It ends with 1 where a
// goal is missed, and with 2 where there is no benchmark of that name. `--minutes N` has transitions come into the page for so long.
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchBrowser } from './browser.js'
import { runCodecBench } from './codec.js'
import { benchDurable } from './durable.js'
import { benchHeap } from './heap.js'
import { benchInspect } from './inspect.js'
import type { Row } from './kit.js'
import { benchPage } from './page.js'
import { benchPostgres } from './postgres.js'
import { benchRevive } from './revive.js'
import { benchSend } from './send.js'
import { benchVerify } from './verify.js'

async function benchCodec(): Promise<Row[]> {
  const rows = await runCodecBench()
  return rows
    .filter(({ name }) => name.startsWith('encode'))
    .map(({ name, size, ours, theirs, ratio }) => ({
      what: `the codec: ${name}, ${size}`,
      ours: `${Math.round(ours)}/s`,
      yardstick: `${Math.round(theirs)}/s superjson.stringify`,
      figure: ratio.toFixed(1),
      goal: '≥ 4',
      met: ratio >= 4,
    }))
}

const { only, minutes: minutesText } = parseArgs({
  options: { only: { type: 'string' }, minutes: { type: 'string', default: '1' } },
}).values
const minutes = Number(minutesText)

const benches = {
  send: benchSend,
  durable: benchDurable,
  postgres: benchPostgres,
  revive: benchRevive,
  codec: benchCodec,
  heap: benchHeap,
  inspect: benchInspect,
  page: () => benchPage(minutes),
  verify: benchVerify,
  browser: benchBrowser,
}

if (only !== undefined && !(only in benches)) {
  console.error(`There is no benchmark named ${only}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const rows: Row[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (only !== undefined && only !== name) continue
  console.log(`${name} …`)
  for (const row of await bench()) {
    rows.push(row)
    console.log(
      `  ${(row.met === undefined ? '' : row.met ? 'met' : 'MISSED').padEnd(6)} ${row.figure.padStart(9)} (${row.goal})  ${row.what}: ${row.ours}`,
    )
  }
}

if (only === undefined) {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.version}`
  const table = rows.map(
    ({ what, ours, yardstick, figure, goal, met }) =>
      `| ${what} | ${ours} | ${yardstick} | ${figure} | ${goal} | ${met === undefined ? '' : met ? 'yes' : '**no**'} |`,
  )
  const text = [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}. Machine: ${machine}.`,
    '',
    'Ours and the yardstick run in turn in one process; medians of rounds, and the median of their ratios. An',
    'absolute figure says something of this machine alone; the ratios are what to compare.',
    '',
    '| what | ours | yardstick | figure | goal | met |',
    '|---|---|---|---|---|---|',
    ...table,
    '',
  ]
  writeFileSync(fileURLToPath(new URL('../../BENCHMARKS.md', import.meta.url)), text.join('\n'))
}
process.exit(rows.every(({ met }) => met !== false) ? 0 : 1)
