import { createSupervisor, defineService, InvalidOptionError } from 'tardigrade'
import { nodeHost } from 'tardigrade/hosts/node'
import { fileStore } from 'tardigrade/stores/file'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'

const definition = defineService({ id: 'lamp', version: 1, machine: createMachine({ id: 'lamp' }) })
const NO_TIMES = [Number.NaN, -1, '5' as never]

test.each(NO_TIMES)('%s is no time, wherever one is given', async (deadlineMs) => {
  const store = memoryStore()
  await expect(createSupervisor({ store, idleAfterMs: deadlineMs })).rejects.toThrow(InvalidOptionError)
  expect(() => nodeHost({ deadlineMs })).toThrow(InvalidOptionError)
  // The store was not claimed for the one that was refused.
  const supervisor = await createSupervisor({ store })
  const service = await supervisor.start(definition, { key: 'hall' })
  const refused = { code: 'INVALID_OPTION', option: 'deadlineMs', service: 'lamp', key: 'hall' }
  await expect(service.pause('user', { deadlineMs })).rejects.toMatchObject(refused)
  await expect(service.stop({ deadlineMs })).rejects.toMatchObject(refused)
  await expect(supervisor.close({ deadlineMs })).rejects.toThrow(InvalidOptionError)
  expect(service.getSnapshot().value).toBe('running')
  expect(service.getSnapshot().context.holds).toEqual([])
  await supervisor.close({ deadlineMs: Number.POSITIVE_INFINITY })
  expect(service.getSnapshot().value).toBe('paused')
})

const store = memoryStore()

test.each([
  ['of createSupervisor', undefined],
  ['store', { store: '.tardigrade' }],
  ['store', { store: null }],
  ['stor', { stor: store }],
  ['host', { store, host: 'node' }],
  ['host', { store, host: [nodeHost(), {}] }],
  ['definitions', { store, definitions: [{ id: 'lamp' }] }],
  ['idleAfter', { store, idleAfter: 5 }],
  ['clock', { store, clock: Date }],
  ['chaos', { store, chaos: 'yes' }],
  ['onFailed', { store, onFailed: console }],
  ['inspect', { store, inspect: 'page' }],
  ['port', { store, inspect: { port: '80' } }],
  ['port', { store, inspect: { port: 70_000 } }],
  ['redact', { store, inspect: { redact: 'password' } }],
  ['fileBytes', { store, inspect: { fileBytes: -1 } }],
  ['allowOrigins', { store, inspect: { allowOrigins: ['*'] } }],
  ['allowOrigins', { store, inspect: { allowOrigins: ['http://localhost:5173/'] } }],
  ['connect', { store, inspect: { connect: ['localhost:8888'] } }],
])(
  'createSupervisor refuses an option %s that says nothing, and claims no store for it',
  async (option, options) => {
    const refused = createSupervisor(options as never)
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', option })
    await (await store.claim()).close()
  },
)

test('each refusal says what there is', async () => {
  await expect(createSupervisor({ stor: store } as never)).rejects.toThrow(/stor .*store, host, definitions/)
  await expect(createSupervisor('.tardigrade' as never)).rejects.toThrow(/an object of options/)
  await expect(createSupervisor({ store: '.tardigrade' } as never)).rejects.toThrow(/sqliteStore\('/)
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  await expect(createSupervisor({ store: cyclic } as never)).rejects.toThrow(/The option store is an object/)
})

test.each([
  ['durability', () => sqliteStore('unused', { durability: 'full' as never })],
  ['duarbility', () => sqliteStore('unused', { duarbility: 'process' } as never)],
  ['durability', () => fileStore('unused', { durability: 'process' } as never)],
  ['keep', () => memoryStore({ keep: '3' as never })],
  ['now', () => memoryStore({ now: 3 as never })],
  ['of memoryStore', () => memoryStore(null as never)],
  ['deadline', () => nodeHost({ deadline: 5 } as never)],
  ['signals', () => nodeHost({ signals: ['SIGTREM'] })],
  ['exit', () => nodeHost({ exit: 1 as never })],
])('an option %s that says nothing is refused by stores and hosts', (option, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }))
})

test('inspect: false is no inspection', async () => {
  const supervisor = await createSupervisor({ store: memoryStore(), inspect: false })
  expect(supervisor.inspectAddress).toBeUndefined()
  await supervisor.close()
})
