import { join } from 'node:path'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, test } from 'vitest'
import { restOf, start } from '../child.js'

const AT_REST = { phase: 'paused', holds: [], steps: 1 }

async function secondRests(folder: string): Promise<boolean> {
  const reader = await sqliteStore(join(folder, 'second')).read()
  const stored = await reader.load('life')
  await reader.close()
  return stored?.phase === 'paused'
}

test.each(['two supervisors', 'the quick one first', 'the quick one first, one host'])(
  '%s: the quick one does not end the process before the slow one rests',
  async (mode) => {
    const process = start(mode)
    await process.until('ready')
    process.child.kill('SIGTERM')
    expect((await process.end()).code).toBe(143)
    expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
  },
)

test.each([
  ['one waits', 'waits'],
  ['one waits, and is told', 'still there'],
])('%s: a program that ends with what is not made does not do so before all rest', async (mode, line) => {
  const process = start(mode)
  await process.until(line)
  process.child.kill('SIGTERM')
  expect((await process.end()).code).toBe(143)
  expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
})

test('they print an uncaught error once, and both rest', async () => {
  const process = start('two that throw')
  const { code, errors } = await process.end()
  expect(code).toBe(1)
  expect(errors.match(/RangeError: thrown by the app/g)).toHaveLength(1)
  expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
})

test('a machine that goes away goes for both, though one alone asks', async () => {
  const process = start('one is told')
  await process.until('still there')
  process.child.kill('SIGTERM')
  expect((await process.end()).code).toBe(143)
  expect([await restOf(process.folder), await secondRests(process.folder)]).toEqual([AT_REST, true])
})

test('two hosts of one supervisor: each is heard', async () => {
  const process = start('two hosts')
  await process.until('ready')
  process.child.kill('SIGTERM')
  expect((await process.end()).code).toBe(143)
  expect((await restOf(process.folder)).phase).toBe('paused')
})
