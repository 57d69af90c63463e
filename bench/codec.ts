import SuperJSON from 'superjson'
import { createCodec } from '../src/checkpoint/codec/codec.js'

/** One line of the comparison: operations a second, and how many times superjson's speed that is. */
export interface CodecBenchRow {
  name: string
  size: string
  ours: number
  theirs: number
  ratio: number
}

// How many jobs a snapshot needs to reach about this many kB as plain JSON.
const SIZES: readonly (readonly [string, number])[] = [
  ['0.8 kB', 2],
  ['2 kB', 8],
  ['20 kB', 92],
  ['200 kB', 930],
]

/** A persisted snapshot as XState makes them: always with undefined output and error, and with children. */
function snapshot(jobs: number, typed: boolean): object {
  const time = (index: number) => 1_700_000_000_000 + index * 61_001
  const job = (index: number) => ({
    id: `job-${index}`,
    path: `/inbox/2024/file-${index}.bin`,
    attempts: index % 3,
    done: index % 2 === 0,
    size: typed && index % 4 === 0 ? BigInt(index) * 10_000_000_000n : index * 1024,
    queuedAt: typed ? new Date(time(index)) : time(index),
    note: typed && index % 3 === 0 ? undefined : null,
    tags: ['a', 'bb', `t${index}`],
  })
  const context = {
    title: 'transfer',
    jobs: Array.from({ length: jobs }, (_, index) => job(index)),
    retries: typed ? new Map(Array.from({ length: jobs >> 2 }, (_, n) => [`job-${n}`, n])) : { 'job-0': 1 },
    seen: typed ? new Set(Array.from({ length: jobs >> 2 }, (_, n) => `job-${n}`)) : ['job-0'],
    limits: { perSecond: 10, burst: { max: 20, window: 1000 } },
  }
  const child = (id: number) => ({
    snapshot: {
      status: 'active',
      output: undefined,
      error: undefined,
      input: { id, from: `/inbox/${id}` },
    },
    src: 'copy',
    systemId: undefined,
    syncSnapshot: false,
  })
  return {
    status: 'active',
    output: undefined,
    error: undefined,
    value: { running: { upload: 'busy', watch: 'idle' } },
    historyValue: {},
    context,
    children: Object.fromEntries(Array.from({ length: 1 + (jobs >> 5) }, (_, n) => [`copy-${n}`, child(n)])),
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Operations a second of both, in slices that alternate, so that both meet the same machine. */
function race(ours: () => unknown, theirs: () => unknown, sliceMs: number): [number, number] {
  const slice = (run: () => unknown): number => {
    const start = performance.now()
    let runs = 0
    let elapsed = 0
    for (; elapsed < sliceMs; elapsed = performance.now() - start, runs++) run()
    return (runs / elapsed) * 1000
  }
  for (const run of [ours, theirs]) slice(run)
  const results = Array.from({ length: 11 }, () => [slice(ours), slice(theirs)] as const)
  return [median(results.map(([mine]) => mine)), median(results.map(([, yours]) => yours))]
}

/** Encoding and decoding against superjson's own `stringify` and `parse`, in one run. Takes some 20 s. */
export async function runCodecBench(sliceMs = 50): Promise<CodecBenchRow[]> {
  const codec = createCodec()
  const superjson = new SuperJSON()
  const rows: CodecBenchRow[] = []
  for (const kind of ['plain', 'typed']) {
    for (const [size, jobs] of SIZES) {
      const value = snapshot(jobs, kind === 'typed')
      const text = codec.encode(value)
      const pairs = [
        ['encode', () => codec.encode(value), () => superjson.stringify(value)],
        ['decode', () => codec.decode(text), () => superjson.parse(text)],
      ] as const
      for (const [name, mine, yours] of pairs) {
        const [ours, theirs] = race(mine, yours, sliceMs)
        rows.push({ name: `${name} ${kind}`, size, ours, theirs, ratio: ours / theirs })
      }
    }
  }
  return rows
}

/** Prints the rows as a table. */
export function printCodecBench(rows: readonly CodecBenchRow[]): void {
  console.log('codec            size        ours/s   superjson/s   ratio')
  for (const { name, size, ours, theirs, ratio } of rows) {
    const figures = [Math.round(ours).toString().padStart(10), Math.round(theirs).toString().padStart(13)]
    console.log(`${name.padEnd(16)} ${size.padEnd(8)} ${figures.join(' ')} ${ratio.toFixed(1).padStart(7)}`)
  }
}

if (process.argv[1]?.endsWith('bench/codec.js')) printCodecBench(await runCodecBench())
