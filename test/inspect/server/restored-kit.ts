import { cpSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { callControl } from '../../../src/control/call.js'
import { fixture, owner } from '../../cli/kit.js'
import { temporaryFolder } from '../../kit/folder.js'

/** What belongs to a store itself, and not to who records or listens beside it. */
const isOfStore = (path: string) => !/^inspect$|sock/.test(basename(path))

/** A store that its owner, which is gone and recorded all, has committed `hall` to 5 times more than the copy from which it was restored. */
export async function restoredInOneLife(): Promise<{ readonly store: string; readonly lost: number }> {
  const [store, copy] = [temporaryFolder(), temporaryFolder()]
  const process = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  await process.reaches('running')
  const press = () => callControl(store, { type: 'send', key: 'hall', event: { type: 'PRESS' } })
  await press()
  copyOf(store, copy)
  const lost = 5
  for (let at = 0; at < lost; at++) await press()
  process.kill('SIGKILL')
  await process.exit
  restore(copy, store)
  return { store, lost }
}

/** A store that was restored from a copy of the life before the last two, of which the last one only brought `hall` back. */
export async function restoredBeforeTwoLives(): Promise<string> {
  const [store, copy] = [temporaryFolder(), temporaryFolder()]
  const live = async (presses: number) => {
    const process = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
    await process.reaches('running')
    for (let at = 0; at < presses; at++)
      await callControl(store, { type: 'send', key: 'hall', event: { type: 'PRESS' } })
    process.kill('SIGKILL')
    await process.exit
  }
  await live(1)
  copyOf(store, copy)
  await live(2)
  await live(0)
  restore(copy, store)
  return store
}

function restore(copy: string, store: string): void {
  for (const name of readdirSync(store).filter(isOfStore)) rmSync(join(store, name), { recursive: true })
  copyOf(copy, store)
}

function copyOf(from: string, to: string): void {
  for (const name of readdirSync(from).filter(isOfStore))
    cpSync(join(from, name), join(to, name), { recursive: true })
}
