import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { Choice } from '../../../src/inspect/server/choice.js'
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

test('of one that is in the store alone nothing is remembered, and what a service was told of itself holds there, too', () => {
  const asked: string[] = []
  const choice = new Choice(
    ({ key }) => asked.push(key) === 1,
    () => {},
  )
  const of = { definition: 'lamp', key: 'hall' }
  expect([choice.ofStored(of), choice.ofStored(of)]).toEqual([true, false])
  expect([choice.of(of), choice.ofStored(of), choice.of(of)]).toEqual([false, false, false])
  expect(asked).toHaveLength(3)
})
