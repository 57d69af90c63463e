import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { Choice } from '../../../src/inspect/server/choice.js'
import { Client } from './kit.js'
import { lamp } from './unreadable-kit.js'

test('`only` is asked once for a service, and once more for what comes under the key of one that was removed', async () => {
  const asked: string[] = []
  const only = ({ key }: { readonly key: string }) => asked.push(key) > 0
  const supervisor = await createSupervisor({ store: memoryStore(), inspect: { port: false, only } })
  onTestFinished(async () => void (await supervisor.close()))
  for (const _ of [1, 2, 3]) {
    const service = await supervisor.start(lamp, { key: 'hall' })
    await service.send({ type: 'PRESS' })
    await supervisor.remove('hall')
  }
  await supervisor.start(lamp, { key: 'kitchen' })
  expect(asked).toEqual(['hall', 'hall', 'hall', 'kitchen'])
})

const hall = { definition: 'lamp', key: 'hall' }

/** A choice that notes for which keys it was asked. */
function noting() {
  const asked: string[] = []
  const choice = new Choice(
    ({ key }) => asked.push(key) === 1,
    () => {},
  )
  return { asked, choice }
}

test('of one that is in the store alone it is asked once, too, until a look that has met all does not find it', () => {
  const { asked, choice } = noting()
  for (const hasMetAll of [true, false, true, true]) {
    expect(choice.ofStored(hall)).toBe(true)
    choice.looked(hasMetAll)
  }
  // It failed before it came to it.
  choice.looked(false)
  expect(choice.ofStored(hall)).toBe(true)
  expect(asked).toHaveLength(1)
  choice.looked(true)
  choice.looked(true)
  expect(choice.ofStored(hall)).toBe(false)
  expect(asked).toHaveLength(2)
})

test('what was asked of one in the store holds when it is told of itself, and from then on until it is removed', () => {
  const { asked, choice } = noting()
  expect([choice.ofStored(hall), choice.of(hall), choice.ofStored(hall)]).toEqual([true, true, true])
  // Not all that is told of stands in the store yet.
  choice.looked(true)
  choice.looked(true)
  expect(choice.of(hall)).toBe(true)
  choice.forget(hall)
  expect(choice.of(hall)).toBe(false)
  expect(asked).toHaveLength(2)
})

test('`only` is not asked again for what rests in the store while somebody watches', async () => {
  const store = memoryStore()
  const before = await createSupervisor({ store })
  await before.start(lamp, { key: 'hall' })
  await before.close()
  const asked: string[] = []
  const only = ({ key }: { readonly key: string }) => asked.push(key) > 0
  const inspect = { port: 0, onListening: () => {}, only }
  const supervisor = await createSupervisor({ store, inspect })
  onTestFinished(async () => void (await supervisor.close()))
  const client = await new Client(supervisor.inspectAddress ?? '').connect()
  onTestFinished(() => client.disconnect())
  await client.until(() => client.all('stored').length > 0)
  // The second look tells it.
  await supervisor.start(lamp, { key: 'kitchen' })
  await client.until(() => client.all('stored').length > 1)
  expect(asked).toEqual(['hall', 'kitchen'])
})
