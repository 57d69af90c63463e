import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { serveControl } from '../../../src/control/index.js'
import { OwnerPulse } from '../../../src/inspect/server/owner-pulse.js'
import { temporaryFolder } from '../../kit/folder.js'

test('what one owner of the store answered says nothing of the next', async () => {
  const folder = temporaryFolder()
  const pulse = new OwnerPulse(folder)
  const [first, next] = [1, 2].map((claimedAtMs) => ({ pid: 7, claimedAtMs })) as [Owner, Owner]
  expect(await pulse.feel(first)).toEqual({ requests: 'none' })
  const supervisor = await createSupervisor({ store: memoryStore() })
  const end = await serveControl(supervisor, folder)
  onTestFinished(async () => {
    await end()
    await supervisor.close()
  })
  expect(await pulse.feel(next)).toEqual({ requests: 'taken' })
})

type Owner = Parameters<OwnerPulse['feel']>[0]
