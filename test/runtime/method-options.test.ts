import { createSupervisor, type Service } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { counter } from './machines.js'

/** As plain JavaScript has them, where TypeScript would tell. */
const options = (value: unknown) => value as object

const refusedBy: readonly [string, (service: Service) => Promise<unknown>][] = [
  ['send beside null', (service) => service.send({ type: 'INC' }, options(null))],
  ['send with a misspelt key', (service) => service.send({ type: 'INC' }, options({ kee: 'e1' }))],
  ['pause with a misspelt deadline', (service) => service.pause('user', options({ deadline: 1 }))],
  ['pause beside null', (service) => service.pause('user', options(null))],
  ['stop with a deadline that is none', (service) => service.stop({ deadlineMs: Number.NaN })],
  ['stop with a misspelt deadline', (service) => service.stop(options({ deadline: 1 }))],
  ['retry with a misspelt option', (service) => service.retry(options({ lastgood: true }))],
]

test.each(refusedBy)('%s is refused, and changes nothing', async (_, ask) => {
  const supervisor = await createSupervisor({ store: memoryStore() })
  const service = await supervisor.start(counter(), { key: 'hall' })
  const asked = { promise: Promise.resolve() as Promise<unknown> }
  // None of them throws at once.
  expect(() => Object.assign(asked, { promise: ask(service as unknown as Service) })).not.toThrow()
  await expect(asked.promise).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    service: 'counter',
    key: 'hall',
  })
  expect(service.getSnapshot().value).toBe('running')
  expect(service.machine.getSnapshot().context.n).toBe(0)
  await supervisor.close()
})

test('start with a misspelt option is refused under the names of what was to be started', async () => {
  const supervisor = await createSupervisor({ store: memoryStore() })
  await expect(supervisor.start(counter(), options({ key: 'hall', inptu: 1 }))).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    service: 'counter',
    key: 'hall',
    message: 'There is no option inptu of start. Give key, input.',
  })
  await expect(supervisor.start(counter(), options({ kee: 'hall' }))).rejects.toMatchObject({
    service: 'counter',
    key: undefined,
  })
  expect(await supervisor.stored('counter')).toBeUndefined()
  await supervisor.close()
})

test.each([
  [
    'throws when it is read',
    {
      get type() {
        throw new Error('no')
      },
    },
  ],
  [
    'is of a proxy that lets nobody look',
    new Proxy(
      {},
      {
        get() {
          throw new Error('no')
        },
      },
    ),
  ],
])('an event whose type %s is no event', async (_, event) => {
  const supervisor = await createSupervisor({ store: memoryStore() })
  const service = await supervisor.start(counter())
  const sent = { promise: Promise.resolve() }
  expect(() => Object.assign(sent, { promise: service.send(event as never) })).not.toThrow()
  await expect(sent.promise).rejects.toMatchObject({ code: 'INVALID_EVENT' })
  expect(service.getSnapshot().value).toBe('running')
  await supervisor.close()
})

test('a supervisor refuses to close, and to list, with options that say nothing', async () => {
  const supervisor = await createSupervisor({ store: memoryStore() })
  await supervisor.start(counter())
  const refused = { code: 'INVALID_OPTION' }
  await expect(supervisor.close(options({ deadline: 1 }))).rejects.toMatchObject({
    ...refused,
    option: 'deadline',
  })
  await expect(supervisor.close(options(null))).rejects.toMatchObject(refused)
  for (const page of [
    { limit: Number.NaN },
    { limit: -1 },
    { limit: '2' },
    { after: 5 },
    { limt: 2 },
    'x',
    null,
  ])
    await expect(supervisor.list(options(page)), JSON.stringify(page)).rejects.toMatchObject(refused)
  expect(await supervisor.list({ limit: Number.POSITIVE_INFINITY, after: '' })).toHaveLength(1)
  expect(await supervisor.list({ limit: 0 })).toEqual([])
  await supervisor.close()
})
