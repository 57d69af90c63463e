import { createSupervisor, defineService, InvalidOptionError, task } from 'tardigrade'
import { embedderHost, jsonLines } from 'tardigrade/hosts/embedder'
import { nodeHost } from 'tardigrade/hosts/node'
import { fileStore } from 'tardigrade/stores/file'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { describe, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { checkOptions } from '../../src/errors/option-checks.js'
import { INSPECT_CHECKS } from '../../src/inspect/inspect-checks.js'

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
  ['definitions', { store, definitions: [definition, null] }],
  ['definitions', { store, definitions: [undefined, definition] }],
  ['definitions', { store, definitions: definition }],
  ['definitions', { store, definitions: [definition, { ...definition, version: 2 }] }],
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
  await expect(createSupervisor({ stor: store } as never)).rejects.toThrow(
    /^There is no option stor of createSupervisor\. Give store, host, definitions, .*\.$/,
  )
  await expect(createSupervisor('.tardigrade' as never)).rejects.toThrow(/an object of options/)
  await expect(createSupervisor({ store: '.tardigrade' } as never)).rejects.toThrow(/sqliteStore\('/)
  const twice = [
    definition,
    defineService({ id: 'other', version: 1, machine: createMachine({}) }),
    { ...definition, version: 2 },
  ]
  await expect(createSupervisor({ store, definitions: twice } as never)).rejects.toThrow(
    `The option definitions is ["${definition.id}","${definition.id}"]. Give a list of what defineService returns, one of each id.`,
  )
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
  ['folder', () => sqliteStore(undefined as never)],
  ['folder', () => fileStore('')],
  ['port', () => embedderHost(process.stdin as never)],
  ['of jsonLines', () => jsonLines(undefined as never)],
  ['write', () => jsonLines({ input: process.stdin } as never)],
])('an option %s that says nothing is refused by stores and hosts', (option, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }))
})

test('inspect: false is no inspection', async () => {
  const supervisor = await createSupervisor({ store: memoryStore(), inspect: false })
  expect(supervisor.inspectAddress).toBeUndefined()
  await supervisor.close()
})

describe('what is given to start and send', () => {
  const lamp = createMachine({ id: 'lamp', on: { PRESS: {} } })

  test.each([
    ['of start', [definition, 'anna']],
    ['kye', [definition, { kye: 'zoe' }]],
    ['definition', [lamp]],
    ['definition', []],
    ['definition', [{ id: 'lamp', version: 1, machine: lamp }]],
  ])('start refuses %s, and starts nothing', async (option, given) => {
    const own = memoryStore()
    const supervisor = await createSupervisor({ store: own })
    const refused = (supervisor.start as (...all: unknown[]) => Promise<unknown>)(...given)
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', option })
    expect(await supervisor.list()).toEqual([])
    await supervisor.close()
  })

  test('a machine is told what makes it a definition', async () => {
    const supervisor = await createSupervisor({ store: memoryStore() })
    await expect(supervisor.start(lamp as never)).rejects.toThrow(/definition is a machine.*defineService/)
    await supervisor.close()
  })

  test.each([
    ['eventKey', { eventKey: 'k' }],
    ['of send', 'k'],
  ])('send refuses %s, which would be applied twice, and the service goes on', async (option, options) => {
    const supervisor = await createSupervisor({ store: memoryStore() })
    const service = await supervisor.start(defineService({ id: 'l', version: 1, machine: lamp }))
    const refused = service.send({ type: 'PRESS' }, options as never)
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', option })
    await service.send({ type: 'PRESS' })
    await supervisor.close()
  })

  test('a task without a body is refused', () => {
    expect(() => task(undefined as never)).toThrow(/the function that does the work/)
  })
})

test('a message shows functions by their names, texts in quotes, and no more of a value than helps', async () => {
  await expect(createSupervisor({ store: memoryStore as never })).rejects.toThrow(
    'The option store is the function memoryStore.',
  )
  await expect(createSupervisor({ store, idleAfterMs: '10' as never })).rejects.toThrow('idleAfterMs is "10"')
  const long = { text: 'x'.repeat(10_000) }
  const refused = await createSupervisor({ store: long as never }).catch((error: Error) => error.message)
  expect(String(refused).length).toBeLessThan(300)
})

test.each([
  [{ redact: ['password', /^secret/] }, undefined],
  [{ redact: () => true }, undefined],
  [{ redact: ['password', 7] }, 'redact'],
  [{ connect: ['ws://localhost:8888', 'wss://h.example/path'] }, undefined],
  [{ connect: ['ws://localhost:8888/#token'] }, 'connect'],
  [{ connect: ['http://localhost:8888'] }, 'connect'],
])('what `inspect` takes: %o, and refuses of it: %s', (options, refused) => {
  const check = () => checkOptions('inspect', options, INSPECT_CHECKS)
  if (refused === undefined) expect(check).not.toThrow()
  else expect(check).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option: refused }))
})
