import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliIn, disown, fixture, owner } from './kit.js'
import { write } from './records.js'

const LAMP = fixture('lamp.mjs')

/** Commands that change nothing, or nothing more the second time. */
const READING = [
  ['ls'],
  ['ls', '--json'],
  ['show', 'hall'],
  ['history', 'hall'],
  ['doctor'],
  ['doctor', '--json'],
  ['migrate', '--check', LAMP],
  ['show', 'nobody'],
  ['show', 'nobody', '--json'],
  ['show'],
  ['fly'],
  ['rm', 'hall'],
  ['send', 'hall', '{"type"'],
  ['--help'],
  ['send', '--help'],
  [],
]

/** Holds the two ways of carrying out each of these against each other, and that something was said. */
async function isTheSame(store: string, commands: readonly (readonly string[])[]): Promise<void> {
  for (const args of commands) {
    const here = await cli(store, ...args)
    const there = await cliIn({}, store, ...args)
    expect({ args, ...there }).toEqual({ args, ...here })
    expect(`${there.out}${there.err}`).not.toBe('')
  }
}

test('of a store at rest, every command answers in a process as it does here', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall' }, { key: 'attic', text: 'hello' }])
  await disown(store)
  await isTheSame(store, READING)
})

test('of a store that has an owner, too', async () => {
  const store = temporaryFolder()
  await owner(store, LAMP, '--key', 'hall')
  await cli(store, 'send', 'hall', 'PRESS', '--event-key', 'e1')
  await cli(store, 'pause', 'hall')
  await isTheSame(store, [
    ['send', 'hall', 'PRESS', '--event-key', 'e1'],
    ['pause', 'hall'],
    ['retry', 'hall', '--json'],
    // For people it tells ages.
    ['ls', '--json'],
    ['resume', 'nobody'],
    ['rm', 'nobody', '--yes'],
  ])
})

test('and of one that it changes: a migration, and a removal', async () => {
  const answers: unknown[] = []
  const folder = temporaryFolder()
  for (const run of [cli, (store: string, ...args: string[]) => cliIn({}, store, ...args)]) {
    const store = join(folder, 'store')
    await write(store, [{ key: 'hall' }, { key: 'attic' }])
    await disown(store)
    answers.push(
      await run(store, 'rm', 'attic', '--yes'),
      await run(store, 'migrate', fixture('lamp-v2.mjs')),
      await run(store, 'migrate', fixture('lamp-v2.mjs')),
      await run(store, 'show', 'attic'),
    )
    rmSync(store, { recursive: true })
  }
  expect(answers.slice(4)).toEqual(answers.slice(0, 4))
  expect(answers).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0 }, { code: 4 }, {}, {}, {}, {}])
})
