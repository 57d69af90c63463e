// @long: it starts two servers, and a process for each test.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Store } from 'tardigrade'
import { postgresStore } from 'tardigrade/stores/postgres'
import { redisStore } from 'tardigrade/stores/redis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Postgres } from './postgres-kit.js'
import { RedisUnderTest } from './redis-kit.js'

const JOB = fileURLToPath(new URL('./fixtures/job.mjs', import.meta.url))

const postgres = new Postgres()
const redis = new RedisUnderTest()

const SERVERS = {
  postgres: { under: postgres, open: (name: string): Store => postgresStore(postgres.server.url, name) },
  redis: { under: redis, open: (name: string): Store => redisStore(redis.server.url, name) },
}

/** Starts a process that is to end by itself. */
function start(kind: keyof typeof SERVERS, mode: string, name = SERVERS[kind].under.newName()) {
  const { under, open } = SERVERS[kind]
  const child = spawn(process.execPath, [JOB, kind, under.server.url, name, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    store: open(name),
    tell: () => void child.stdin.write('\n'),
    async until(line: string) {
      for (let next = await lines.next(); next.value !== line; next = await lines.next())
        if (next.done === true) throw new Error(`the job ended before “${line}”`)
    },
    code: async () => (await ended)[0],
  }
}

/** Starts one whose server is killed while it works, before it is told to go on. */
async function startWithout(kind: keyof typeof SERVERS, mode: string) {
  const { under } = SERVERS[kind]
  const job = start(kind, mode)
  await job.until('working')
  onTestFinished(() => under.server.start())
  await under.server.kill()
  job.tell()
  return { under, job }
}

async function storedPhase(store: Store) {
  const reader = await store.read()
  onTestFinished(() => reader.close())
  return (await reader.load('job'))?.phase
}

/** Nobody has it any more. */
async function expectFree(store: Store) {
  const claim = await store.claim()
  await claim.close()
}

describe.each(['postgres', 'redis'] as const)('a process over %s with nothing left to do', (kind) => {
  test.each([
    ['done', 0, 'done'],
    ['fails', 1, 'failed'],
    ['idle', 0, 'paused'],
  ])('ends by itself, and gives the store back: %s', async (mode, code, phase) => {
    const job = start(kind, mode)
    expect(await job.code()).toBe(code)
    expect(await storedPhase(job.store)).toBe(phase)
    await expectFree(job.store)
  })

  test('waits for a server that is away while its last commit is asked', async () => {
    const { under, job } = await startWithout(kind, 'told')
    await job.until('still there')
    await under.server.start()
    expect(await job.code()).toBe(0)
    expect(await storedPhase(job.store)).toBe('done')
    await expectFree(job.store)
  })

  test('ends as one that has failed, though its server stays away', async () => {
    const { under, job } = await startWithout(kind, 'away')
    await job.until('STORE_UNREACHABLE')
    expect(await job.code()).toBe(1)
    await under.server.start()
    expect(await storedPhase(job.store)).toBe('running')
  })

  test('waits for its store while another one has it', async () => {
    const { under, open } = SERVERS[kind]
    const name = under.newName()
    const holder = await open(name).claim()
    onTestFinished(() => holder.close())
    const job = start(kind, 'waits', name)
    await job.until('still there')
    await holder.close()
    expect(await job.code()).toBe(0)
    expect(await storedPhase(job.store)).toBe('done')
  })
})

test('a pool that lets a process end does so with the connection that a claim keeps', async () => {
  const job = start('postgres', 'pool')
  expect(await job.code()).toBe(0)
  await expectFree(job.store)
})

test('an owner over Redis that has lost its store ends as one that has failed', async () => {
  const name = redis.newName()
  const job = start('redis', 'lost', name)
  await job.until('ready')
  const other = redisStore(redis.server.url, name)
  // Another one has the store as soon as it comes between two signs of life.
  let claim: Awaited<ReturnType<Store['claim']>> | undefined
  while (claim === undefined) {
    await redis.loseLock(name)
    claim = await other.claim().catch(() => undefined)
  }
  const { close } = claim
  onTestFinished(() => close())
  await job.until('STALE_EPOCH')
  expect(await job.code()).toBe(1)
})
