import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor, defineService } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { temporaryFolder } from '../kit/folder.js'

const definition = defineService({ id: 's', version: 1, machine: createMachine({ id: 's' }) })

/** Three services at rest in files, of which the one of `b` was changed. Returns what going on with all comes to. */
async function resumedWith(damage: (text: string) => string) {
  const folder = temporaryFolder()
  const first = await createSupervisor({ store: fileStore(folder, { keep: 1 }) })
  for (const key of ['a', 'b', 'c']) await first.start(definition, { key })
  await first.close()
  const checkpoints = join(folder, 'checkpoints')
  const [name = ''] = readdirSync(checkpoints).filter((folderName) => folderName.startsWith('b-'))
  const [file = ''] = readdirSync(join(checkpoints, name))
  const path = join(checkpoints, name, file)
  writeFileSync(path, damage(readFileSync(path, 'utf8')))
  const options = { definitions: [definition], onFailed: () => {} }
  const second = await createSupervisor({ store: fileStore(folder), ...options })
  const outcome = await second.resumeAll().then(
    () => 'resumed',
    (error: { code: string }) => error.code,
  )
  const listed = await second.list().then((page) => page.map(({ key, phase }) => `${key} ${phase}`))
  const keys = second.services().map(({ key }) => key)
  await second.close()
  return { outcome, keys, listed }
}

test('a damaged file is its own service’s trouble: its key is read from what is left of it', async () => {
  expect(await resumedWith((text) => text.replace('"key"', '"kez"'))).toEqual({
    outcome: 'resumed',
    keys: ['a', 'c'],
    listed: ['a running', 'b failed', 'c running'],
  })
})

test('where it stands nowhere any more, that is told when all others go on', async () => {
  expect(await resumedWith(() => 'nothing of it')).toEqual({
    outcome: 'STORE_DAMAGED',
    keys: ['a', 'c'],
    listed: ['a running', 'c running'],
  })
})
