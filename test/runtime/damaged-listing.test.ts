import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor, defineService } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { testFolder } from '../stores/fixtures/folders.js'

test('one damaged file keeps no other service from going on', async () => {
  const folder = testFolder()
  const definition = defineService({ id: 's', version: 1, machine: createMachine({ id: 's' }) })
  const first = await createSupervisor({ store: fileStore(folder, { keep: 1 }) })
  for (const key of ['a', 'b', 'c']) await first.start(definition, { key })
  await first.close()
  const checkpoints = join(folder, 'checkpoints')
  const [name = ''] = readdirSync(checkpoints).filter((folderName) => folderName.startsWith('b-'))
  const [file = ''] = readdirSync(join(checkpoints, name))
  const path = join(checkpoints, name, file)
  // A flipped bit in the header's line.
  writeFileSync(path, readFileSync(path, 'utf8').replace('"key"', '"kez"'))
  const second = await createSupervisor({
    store: fileStore(folder),
    definitions: [definition],
    onFailed: () => {},
  })
  const _error = await second.resumeAll().catch((e) => e)
  const keys = second
    .services()
    .map(({ key }) => key)
    .sort()
  await second.close()
  expect(keys).toContain('a')
  expect(keys).toContain('c')
})
