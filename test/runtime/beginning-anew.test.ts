import { createSupervisor, defineService, StoreFailedError } from 'tardigrade'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { FaultyStore } from '../kit/faulty.js'
import { counter } from './machines.js'

/** Counts on from its input, without which it cannot begin. */
const machine = setup({
  types: { context: {} as { n: number }, input: {} as { from: number }, events: {} as { type: 'ADD' } },
}).createMachine({
  context: ({ input }) => ({ n: input.from }),
  on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
})
const definition = defineService({ id: 'from', version: 1, machine })

async function supervised() {
  const [store, failures] = [new FaultyStore(), [] as Error[]]
  const onFailed = (_: unknown, error: Error) => void failures.push(error)
  return { store, failures, supervisor: await createSupervisor({ store, onFailed }) }
}

/** As whoever parses JSON may have it. */
const missing: { from: number } = JSON.parse('null')

test('a service that failed before anything of it was stored begins anew at another start, with that input', async () => {
  const { store, failures, supervisor } = await supervised()
  const bad = await supervisor.start(definition, { key: 'k', input: missing })
  expect([bad.getSnapshot().value, store.durable.size]).toEqual(['failed', 0])
  expect(failures).toMatchObject([
    { code: 'MACHINE_FAILED', remedy: expect.stringContaining('supervisor.start begins it anew') },
  ])
  await expect(bad.retry()).rejects.toMatchObject({ code: 'MACHINE_FAILED' })
  expect(await supervisor.get('k')).toBe(bad)

  const options = { key: 'k', input: { from: 5 } }
  const [good, same] = await Promise.all([
    supervisor.start(definition, options),
    supervisor.start(definition, options),
  ])
  expect(same).toBe(good)
  await good.send({ type: 'ADD' })
  expect([good.getSnapshot().value, good.machine.getSnapshot().context.n]).toEqual(['running', 6])
  // Whoever still has the first one cannot bring it back beside the other.
  await bad.retry()
  expect([bad.getSnapshot().value, await supervisor.get('k')]).toEqual(['stopped', good])
  expect((await supervisor.close()).safe).toEqual(['k'])
  const next = await createSupervisor({ store })
  expect((await next.start(definition, options)).machine.getSnapshot().context.n).toBe(6)
  await next.close()
})

test('one that has a checkpoint, or may have one, is the same at another start, and waits for its retry', async () => {
  const { store, supervisor } = await supervised()
  const service = await supervisor.start(counter(), { key: 'kept' })
  await service.send({ type: 'ADD' })
  await service.send({ type: 'BOOM' }).catch(() => {})
  expect(await supervisor.start(counter(), { key: 'kept' })).toBe(service)
  expect(service.getSnapshot().value).toBe('failed')
  store.loadFailure = () => new StoreFailedError('faulty', { cause: new Error('EIO') })
  const unread = await supervisor.start(counter(), { key: 'unread' })
  store.loadFailure = () => undefined
  expect(await supervisor.start(counter(), { key: 'unread' })).toBe(unread)
  expect(unread.getSnapshot().value).toBe('failed')
  await supervisor.close()
})
