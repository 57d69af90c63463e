import { createSupervisor, type Host } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'

const boom = new Error('boom')

/** A host that is ready when the promise resolves. */
const hostOf =
  (log: string[], name: string, ready?: Promise<void>): Host =>
  () =>
    Object.assign(() => void log.push(name), { ready })

test('a supervisor is there when its hosts are ready', async () => {
  const log: string[] = []
  let beReady = () => {}
  const ready = new Promise<void>((resolve) => {
    beReady = resolve
  })
  const creating = createSupervisor({ store: memoryStore(), host: hostOf(log, 'a', ready) }).then((made) => {
    log.push('made')
    return made
  })
  const turn = new Promise((resolve) => setImmediate(resolve))
  await turn
  log.push('ready')
  beReady()
  await (await creating).close()
  expect(log).toEqual(['ready', 'made', 'a'])
})

test('a host that cannot be ready takes all down, and the store is given back', async () => {
  const store = memoryStore()
  const log: string[] = []
  const late = hostOf(log, 'late', Promise.reject(boom))
  const creating = createSupervisor({ store, host: [hostOf(log, 'a'), late, hostOf(log, 'b')] })
  await expect(creating).rejects.toMatchObject({ code: 'HOST_FAILED', cause: boom })
  expect(log).toEqual(['a', 'late', 'b'])
  await (await store.claim()).close()
})

test('a host that throws is told, though another cannot be ready', async () => {
  const late = hostOf([], 'late', Promise.reject(boom))
  const other = new Error('other')
  const throwing: Host = () => {
    throw other
  }
  const creating = createSupervisor({ store: memoryStore(), host: [late, throwing] })
  await expect(creating).rejects.toMatchObject({ code: 'HOST_FAILED', cause: other })
})
