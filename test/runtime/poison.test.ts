import { createSupervisor, defineService, MachineFailedError, type Store } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'

/** Adds up; `BAD` throws, as long as nobody has mended the cause. */
function adding() {
  const cause = { mended: false }
  const machine = setup({
    types: {
      context: {} as { sum: number },
      events: {} as { type: 'ADD'; by: number } | { type: 'BAD' },
    },
  }).createMachine({
    context: { sum: 0 },
    on: {
      ADD: { actions: assign({ sum: ({ context, event }) => context.sum + event.by }) },
      BAD: {
        actions: assign(({ context }) => {
          if (!cause.mended) throw new Error('poison')
          return { sum: context.sum + 100 }
        }),
      },
    },
  })
  return { cause, definition: defineService({ id: 'adding', version: 1, machine }) }
}

/** A service of which one event of the inbox is at fault: it has failed as it was resumed. */
async function poisoned(store: Store, { cause, definition }: ReturnType<typeof adding>) {
  const failures: Error[] = []
  const onFailed = (_: unknown, error: Error) => failures.push(error)
  const supervisor = await createSupervisor({ store, definitions: [definition], onFailed })
  const service = await supervisor.start(definition, { key: 'a' })
  await service.pause()
  await service.send({ type: 'ADD', by: 1 })
  await service.send({ type: 'BAD' }, { key: 'bad-1' })
  await service.send({ type: 'ADD', by: 10 })
  const refused = await service.resume().catch((error: unknown) => error)
  return { supervisor, service, refused, failures, cause }
}

test('an event that waited and at which the machine throws is named by the failure, and `resume` rejects with it', async () => {
  const { supervisor, service, refused, failures } = await poisoned(memoryStore(), adding())
  expect(refused).toBeInstanceOf(MachineFailedError)
  expect(refused).toMatchObject({
    message:
      'The machine failed at the event “BAD” (key “bad-1”) of its inbox: Error: poison. Mend the cause, then retry: the service goes on from its last checkpoint, with { lastGood: true } without the event.',
    entry: { event: { type: 'BAD' }, key: 'bad-1' },
  })
  expect(failures).toEqual([refused])
  expect(service.getSnapshot().value).toBe('failed')
  await expect(service.retry()).rejects.toThrow('at the event “BAD” (key “bad-1”) of its inbox')
  await supervisor.close()
})

test('with its cause mended a retry applies it, in its order', async () => {
  const { supervisor, service, cause } = await poisoned(memoryStore(), adding())
  cause.mended = true
  await service.retry()
  expect(service.machine.getSnapshot().context).toEqual({ sum: 111 })
  await supervisor.close()
})

test('`lastGood` leaves that event out alone, which stays in quarantine and may be sent again', async () => {
  const store = memoryStore()
  const { supervisor, service, cause } = await poisoned(store, adding())
  await service.retry({ lastGood: true })
  expect(service.getSnapshot().value).toBe('running')
  expect(service.machine.getSnapshot().context).toEqual({ sum: 11 })
  const reader = await store.read()
  const [aside, ...others] = await reader.quarantined()
  expect(others).toEqual([])
  expect(aside?.reason).toBe(
    'The machine failed at the event “BAD” (key “bad-1”) of its inbox: Error: poison.',
  )
  expect(aside?.text).toContain('bad-1')
  expect((await reader.load('a'))?.text).not.toContain('bad-1')
  cause.mended = true
  await service.send({ type: 'BAD' }, { key: 'bad-1' })
  expect(service.machine.getSnapshot().context).toEqual({ sum: 111 })
  await supervisor.close()
})

test('another process leaves it out as well, though it has found the failure only', async () => {
  const [store, kit] = [memoryStore(), adding()]
  const first = await poisoned(store, kit)
  await first.supervisor.close()
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  const service = await supervisor.start(kit.definition, { key: 'a' })
  expect(service.getSnapshot().context.failure?.message).toContain(
    'at the event “BAD” (key “bad-1”) of its inbox',
  )
  await service.retry({ lastGood: true })
  expect(service.machine.getSnapshot().context).toEqual({ sum: 11 })
  await supervisor.close()
})

test('of a service that something else holds it is out of the inbox, for the next process too', async () => {
  const [store, kit] = [memoryStore(), adding()]
  const first = await poisoned(store, kit)
  await first.supervisor.close()
  const second = await createSupervisor({ store, onFailed: () => {} })
  // The note keeps no hold; one that comes now has the retry end at rest.
  const held = await second.start(kit.definition, { key: 'a' })
  const retried = held.retry({ lastGood: true })
  const paused = held.pause().catch(() => {})
  await Promise.all([retried, paused])
  await second.close()
  const third = await createSupervisor({ store, onFailed: () => {} })
  const service = await third.start(kit.definition, { key: 'a' })
  await service.resume()
  expect(service.machine.getSnapshot().context).toEqual({ sum: 11 })
  await third.close()
})

test('an event without a key is named by its type; one that a running machine throws at is its sender’s', async () => {
  const { definition } = adding()
  const supervisor = await createSupervisor({ store: memoryStore(), onFailed: () => {} })
  const service = await supervisor.start(definition, { key: 'a' })
  await expect(service.send({ type: 'BAD' })).rejects.toThrow(
    /^The machine failed: Error: poison\. .* without one, supervisor\.start begins it anew\.$/,
  )
  await service.retry()
  await service.pause()
  await service.send({ type: 'BAD' })
  await expect(service.resume()).rejects.toThrow('The machine failed at the event “BAD” of its inbox: Error')
  await supervisor.close()
})

test('where the store keeps nothing below the note, nothing is set aside', async () => {
  const store = memoryStore({ keep: 1 })
  const { supervisor, service } = await poisoned(store, adding())
  await expect(service.retry({ lastGood: true })).rejects.toThrow('keeps no checkpoint of an earlier state')
  const reader = await store.read()
  expect(await reader.quarantined()).toEqual([])
  await supervisor.close()
})
