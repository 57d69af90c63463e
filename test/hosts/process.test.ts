import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gracePeriodMs } from 'tardigrade/hosts/node'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const fixture = join(import.meta.dirname, 'fixtures/host.mjs')
let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tardigrade-host-'))
})
afterEach(() => {
  // A test that failed must leave no process behind.
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

/** Starts the fixture; `working` resolves when it says so, `ended` when it ends. */
function run(behaviour: string, deadlineMs?: number) {
  const store = join(folder, 'store')
  const args = [fixture, store, behaviour, ...(deadlineMs === undefined ? [] : [String(deadlineMs)])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const working = new Promise<void>((resolve) => {
    child.stdout.on('data', (data) => String(data).includes('working') && resolve())
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }))
  })
  return { child, working, ended, store: sqliteStore(store) }
}

async function storedPhase(store: ReturnType<typeof sqliteStore>) {
  const reader = await store.read()
  try {
    return (await reader.load('host'))?.phase
  } finally {
    await reader.close()
  }
}

describe('a process under nodeHost', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('comes to rest at %s, and exits with %i', async (signal, code) => {
    const { child, working, ended, store } = run('steps')
    await working
    child.kill(signal)
    expect(await ended).toMatchObject({ code, stderr: '' })
    expect(await storedPhase(store)).toBe('paused')
  })

  test('ends with the signal’s code, and no word, while it still sends events as fast as it can', async () => {
    const { child, working, ended, store } = run('sends')
    await working
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stderr: '' })
    expect(await storedPhase(store)).toBe('paused')
  })

  test('waits no longer than the deadline for a task that reaches no step', async () => {
    const { child, working, ended, store } = run('hangs', 50)
    await working
    child.kill('SIGTERM')
    expect((await ended).code).toBe(143)
    expect(await storedPhase(store)).toBe('paused')
  })

  test('ends at once at a second SIGINT', async () => {
    const { child, working, ended, store } = run('hangs', 3_000_000)
    await working
    child.kill('SIGINT')
    const signals = setInterval(() => child.kill('SIGINT'), 20)
    expect((await ended).code).toBe(130)
    clearInterval(signals)
    expect(await storedPhase(store)).not.toBe('failed')
  })

  test('comes to rest at an uncaught error, which it prints, and exits with 1', async () => {
    const { ended, store } = run('throws')
    const { code, stderr } = await ended
    expect({ code, told: stderr.includes('out of the blue') }).toEqual({ code: 1, told: true })
    expect(await storedPhase(store)).toBe('paused')
  })

  test('comes to rest when it has nothing left to do', async () => {
    const { ended, store } = run('ends')
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
    expect(await storedPhase(store)).toBe('paused')
  })

  test('goes on from where it was stopped', async () => {
    const first = run('steps')
    await first.working
    first.child.kill('SIGTERM')
    await first.ended
    const reader = await first.store.read()
    const before = (await reader.load('host'))?.sequence ?? 0
    await reader.close()
    const second = run('throws')
    await second.ended
    const again = await second.store.read()
    expect((await again.load('host'))?.sequence).toBeGreaterThan(before)
    await again.close()
  })
})

describe('the grace period', () => {
  test.each([
    [{}, 10_000],
    [{ TARDIGRADE_GRACE_MS: '5000' }, 4000],
    [{ TERMINATION_GRACE_PERIOD_SECONDS: '30' }, 29_000],
    [{ TARDIGRADE_GRACE_MS: '1000' }, 500],
    [{ TARDIGRADE_GRACE_MS: '', TERMINATION_GRACE_PERIOD_SECONDS: '3' }, 2000],
    [{ TARDIGRADE_GRACE_MS: 'soon' }, 10_000],
  ])('of %j is %i ms', (environment, deadlineMs) => {
    expect(gracePeriodMs(environment)).toBe(deadlineMs)
  })
})
