import { defineService } from 'tardigrade'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine, fromPromise } from 'xstate'
import { runSaved, savedTest } from './kit/exported.js'
import { inspected } from './kit/live.js'
import { visiting } from './kit/page.js'

const visits = visiting()
const MILL = `{
  id: 'mill',
  initial: 'idle',
  states: { idle: { on: { GRIND: 'grinding' } }, grinding: { invoke: { src: 'grind', id: 'grind', onDone: 'idle' } } },
}`

test('the test that is saved of a service that has failed is run by vitest, and passes once somebody has said what its actor answers', async () => {
  const { supervisor, address } = await inspected()
  onTestFinished(() => supervisor.close().then(() => {}))
  const grind = fromPromise(() => Promise.reject(new RangeError('the stone is worn')))
  const machine = createMachine({
    id: 'mill',
    initial: 'idle',
    states: {
      idle: { on: { GRIND: 'grinding' } },
      grinding: { invoke: { src: 'grind', id: 'grind', onDone: 'idle' } },
    },
  }).provide({ actors: { grind } })
  const mill = await supervisor.start(defineService({ id: 'mill', version: 1, machine }), { key: 'mill' })
  await mill.send({ type: 'GRIND' }).catch(() => {})
  await expect.poll(() => mill.getSnapshot().value).toBe('failed')
  const { page } = await visits.open(address)
  await page.locator('.exports').waitFor()
  const saved = await savedTest(page)
  const service = `import { createMachine, fromPromise } from 'xstate'
export default createMachine(${MILL}).provide({ actors: { grind: fromPromise(async () => 1) } })`
  expect(await runSaved(saved, service)).toContain('The actor “grind” cannot be verified')
  const driven = saved.replace('// "grind": { … }', '"grind": { resolves: 1 }')
  expect(driven).not.toBe(saved)
  expect(await runSaved(driven, service)).toMatch(/Tests +1 passed/)
}, 60_000)
