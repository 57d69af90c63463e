import { createSupervisor, defineService, ForeignCheckpointError, type Service } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'

/** The checkpoint of another is refused by name, and nothing goes on from it. */

const definition = (machine: string) =>
  defineService({ id: 's', version: 1, machine: createMachine({ id: machine }) })

/** The store after a service `s` of the machine `lamp` has been there under the key `mine`. */
async function used() {
  const store = memoryStore()
  const supervisor = await createSupervisor({ store })
  await supervisor.start(definition('lamp'), { key: 'mine' })
  await supervisor.close()
  return store
}

async function started(store: ReturnType<typeof memoryStore>, machine: string, key: string) {
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  onTestFinished(async () => void (await supervisor.close()))
  return supervisor.start(definition(machine), { key })
}

function isRefused(service: Service, stored: string, asked: string): void {
  const { value, context } = service.getSnapshot()
  expect(value).toBe('failed')
  expect(context.failure).toBeInstanceOf(ForeignCheckpointError)
  expect(context.failure?.message).toContain(stored)
  expect(context.failure?.message).toContain(asked)
}

test('a checkpoint that lies under another key than its own', async () => {
  const store = await used()
  const claim = await store.claim()
  const mine = await claim.load('mine')
  if (mine === undefined) throw new Error('nothing was stored')
  await claim.commit([{ ...mine, key: 'yours', sequence: 1 }])
  await claim.close()
  isRefused(await started(store, 'lamp', 'yours'), 's under the key mine', 's under the key yours')
})

test('a checkpoint of another machine under the same id and version', async () => {
  const store = await used()
  isRefused(await started(store, 'door', 'mine'), 'the machine lamp', 'the machine door')
})
