import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../kit.js'
import { Client } from './kit.js'

const LOADED = fileURLToPath(new URL('../fixtures/loaded.mjs', import.meta.url))
/** Events of one process before it is killed. */
const EVENTS = 400

interface Loaded {
  readonly child: ChildProcess
  readonly address: string
  /** Resolves with the number of an event that was acknowledged, that one or a later one. */
  acknowledged(n: number): Promise<number>
}

async function load(folder: string, port: number, from: number): Promise<Loaded> {
  const child = spawn(process.execPath, [LOADED, folder, `${port}`, `${from}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout ?? expect.fail('no output') })
  const waiting: ((line: string) => void)[] = []
  lines.on('line', (line) => {
    for (const hear of [...waiting]) hear(line)
  })
  const until = (fits: (line: string) => boolean) =>
    new Promise<string>((resolve) => {
      waiting.push((line) => {
        if (fits(line)) resolve(line)
      })
    })
  const address = await until((line) => line.startsWith('http'))
  return { child, address, acknowledged: async (n) => Number(await until((line) => Number(line) >= n)) }
}

test('killed under load and started again, again and again: a page that stays open misses nothing that was acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const first = await load(folder, port, 0)
  const client = await new Client(first.address).connect()
  let acknowledged = 0
  let process = first
  const acknowledgedEvents = new Set<number>()
  let from = 0
  for (let round = 0; round < 4; round++) {
    acknowledged = await process.acknowledged(from + EVENTS)
    for (let n = from; n <= acknowledged; n++) acknowledgedEvents.add(n)
    process.child.kill('SIGKILL')
    await new Promise((resolve) => process.child.once('close', resolve))
    await client.disconnect()
    from = acknowledged + 1000
    process = await load(folder, port, from)
    // The same address lets the page in again.
    expect(process.address).toBe(first.address)
    await client.connect()
  }
  await client.until(() => client.entries.size === 5)
  const seen = () =>
    new Set(
      client.of('c').flatMap((entry) => (entry.kind === 'event' ? [(entry.event as { n?: number }).n] : [])),
    )
  await client.until(() => {
    const now = seen()
    return [...acknowledgedEvents].every((n) => now.has(n))
  })
  expect(client.all('gap')).toEqual([])
  // Another page, which comes late, is told the same by the files.
  const late = await new Client(first.address).connect()
  await late.until(() => late.entries.size === 5)
  const past = [...client.entries.keys()].sort().slice(0, -1)
  await late.until(() => past.every((name) => (late.seen[name] ?? 0) > 0 && late.entries.has(name)))
  await late.until(() => (late.entries.get([...late.entries.keys()].sort().at(-1) ?? '')?.length ?? 0) > 0)
  for (const name of past) {
    const lateSeen = late.entries.get(name)?.map(({ sequence }) => sequence) ?? []
    expect(lateSeen.length).toBe(Math.max(...lateSeen))
    for (const entry of late.entries.get(name) ?? []) {
      const known = client.entries.get(name)?.[entry.sequence - 1]
      if (known !== undefined) expect(entry).toEqual(known)
    }
  }
  await client.disconnect()
  await late.disconnect()
})
