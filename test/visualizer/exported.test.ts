import { join } from 'node:path'
import { defineService } from 'tardigrade'
import { InterruptionBugError, record, verifyInterruptions } from 'tardigrade/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine, fromPromise } from 'xstate'
import { runSaved, savedTest } from './kit/exported.js'
import { inspected } from './kit/live.js'
import { visiting } from './kit/page.js'
import { turnstile } from './kit/turnstile.js'

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
  // Nothing takes this one, and a test would refuse to send it.
  await mill.send({ type: 'GRIN' } as never)
  await mill.send({ type: 'GRIND' }).catch(() => {})
  await expect.poll(() => mill.getSnapshot().value).toBe('failed')
  const { page } = await visits.open(address)
  await page.locator('.exports').waitFor()
  const saved = await savedTest(page)
  expect(saved).toContain('// - 1 event ("GRIN" × 1), taken in no state')
  const service = `import { createMachine, fromPromise } from 'xstate'
export default createMachine(${MILL}).provide({ actors: { grind: fromPromise(async () => 1) } })`
  expect(await runSaved(saved, service)).toContain('The actor “grind” cannot be verified')
  const driven = saved.replace('// "grind": { … }', '"grind": { resolves: 1 }')
  expect(driven).not.toBe(saved)
  expect(await runSaved(driven, service)).toMatch(/Tests +1 passed/)
}, 120_000)

const SOUND = `import { assign, createMachine } from 'xstate'
export default createMachine({
  id: 'turnstile',
  context: { passed: 0 },
  initial: 'closed',
  states: {
    closed: { on: { PAY: 'open' } },
    open: { on: { PASS: { target: 'closed', actions: assign({ passed: ({ context }) => context.passed + 1 }) } } },
  },
})`

test('the test that is saved of a counterexample finds by itself what was found, and passes once that is mended', async () => {
  const bug = await verifyInterruptions(turnstile, { kinds: ['kill'], seed: 1 }).catch((error) => error)
  if (!(bug instanceof InterruptionBugError)) expect.fail('nothing was found')
  const { page } = await visits.showTrace(JSON.stringify(await record(turnstile, bug.token)))
  await page.getByRole('region', { name: 'Counterexample' }).waitFor()
  const saved = await savedTest(page)
  const found = join(import.meta.dirname, 'kit/turnstile.ts')
  const told = await runSaved(saved, `export { turnstile as default } from ${JSON.stringify(found)}`)
  expect(told).toMatch(/Tests +1 failed/)
  expect(told).toContain(bug.difference)
  expect(await runSaved(saved, SOUND)).toMatch(/Tests +1 passed/)
}, 120_000)
