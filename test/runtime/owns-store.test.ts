import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'

test('a supervisor knows whether the store is its own, without writing to it', async () => {
  const store = memoryStore()
  const former = await createSupervisor({ store })
  expect(await former.ownsStore()).toBe(true)
  store.loseLock()
  const next = await createSupervisor({ store })
  expect([await former.ownsStore(), await next.ownsStore()]).toEqual([false, true])
  await next.close()
  expect(await next.ownsStore()).toBe(false)
  await former.close()
})
