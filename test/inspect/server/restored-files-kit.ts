import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { onTestFinished } from 'vitest'
import { lamp, ofAnotherProcess } from './unreadable-kit.js'

/** A store of plain files whose owner is gone and has recorded `hall`, `attic` and `kitchen`; the files of the first two are those of an older copy. */
export async function restoredFiles(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-restored-'))
  const copy = mkdtempSync(join(tmpdir(), 'tardigrade-copy-'))
  onTestFinished(() => {
    for (const each of [folder, copy]) rmSync(each, { recursive: true, force: true })
  })
  const supervisor = await createSupervisor({ store: fileStore(folder), inspect: { port: false } })
  const services = await Promise.all(
    ['hall', 'attic', 'kitchen'].map((key) => supervisor.start(lamp, { key })),
  )
  const press = () => Promise.all(services.map((service) => service.send({ type: 'PRESS' })))
  await press()
  cpSync(join(folder, 'checkpoints'), copy, { recursive: true })
  for (let at = 0; at < 4; at++) await press()
  await supervisor.close()
  ofAnotherProcess(folder)
  const owner = join(folder, 'owner.json')
  writeFileSync(owner, readFileSync(owner, 'utf8').replace(`"pid":${process.pid}`, '"pid":2147483647'))
  for (const name of readdirSync(copy).filter((each) => /hall|attic/.test(each))) {
    rmSync(join(folder, 'checkpoints', name), { recursive: true })
    cpSync(join(copy, name), join(folder, 'checkpoints', name), { recursive: true })
  }
  return folder
}
