import { join } from 'node:path'
import { defineService } from 'tardigrade'
import { InterruptionBugError, record, verifyInterruptions } from 'tardigrade/testing'
import { expect, onTestFinished, test } from 'vitest'
import {
  assign,
  createMachine,
  fromCallback,
  fromObservable,
  fromPromise,
  type Observer,
  setup,
} from 'xstate'
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

test('the test that is saved of a service that has failed is run by vitest, and passes: it says what its actor had answered', async () => {
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
  const service = `import { assign, createMachine, fromCallback, fromPromise } from "xstate"
export default createMachine(${MILL}).provide({ actors: { grind: fromPromise(async () => 1) } })`
  expect(saved).toContain(
    '"grind": { rejects: Object.assign(new Error("the stone is worn"), {"name":"RangeError"})',
  )
  expect(await runSaved(saved, service)).toMatch(/Tests +1 passed/)
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

const STALL = `{
  id: 'stall',
  context: { receipts: [] },
  initial: 'open',
  invoke: [{ src: 'bell', id: 'bell' }, { src: 'ticks', id: 'ticks' }],
  states: {
    open: { on: { PAY: 'paying' } },
    paying: {
      invoke: { src: 'charge', id: 'charge', onDone: { target: 'open', actions: 'keep' }, onError: 'open' },
      on: { CANCEL: 'open' },
    },
  },
}`

test('the test that is saved of a service says by itself what its actors have answered, and after how long; of those that have not it asks', async () => {
  const { supervisor, address } = await inspected()
  onTestFinished(() => supervisor.close().then(() => {}))
  const answers = [
    Promise.resolve({ nr: 1 }),
    Promise.reject(new RangeError('no money')),
    new Promise(() => {}),
  ]
  for (const answer of answers) answer.catch(() => {})
  const ticks = fromObservable<number, undefined>(() => ({
    subscribe(to) {
      // XState gives an observer whole.
      const { next, complete } = to as Required<Observer<number>>
      next(1)
      complete()
      return { unsubscribe: () => {} }
    },
  }))
  const machine = setup({
    types: { context: {} as { receipts: unknown[] } },
    actors: {
      charge: fromPromise(() => answers.shift() ?? expect.fail('too often')),
      bell: fromCallback(() => {}),
      ticks,
    },
    actions: {
      keep: assign(({ context, event }) => ({
        receipts: [...context.receipts, 'output' in event ? event.output : undefined],
      })),
    },
  }).createMachine({
    id: 'stall',
    context: { receipts: [] },
    initial: 'open',
    invoke: [
      { src: 'bell', id: 'bell' },
      { src: 'ticks', id: 'ticks' },
    ],
    states: {
      open: { on: { PAY: 'paying' } },
      paying: {
        invoke: { src: 'charge', id: 'charge', onDone: { target: 'open', actions: 'keep' }, onError: 'open' },
        on: { CANCEL: 'open' },
      },
    },
  })
  const stall = await supervisor.start(defineService({ id: 'stall', version: 1, machine }), { key: 'stall' })
  for (let paid = 0; paid < 3; paid++) {
    await stall.send({ type: 'PAY' })
    await stall.settled()
  }
  await stall.send({ type: 'CANCEL' })
  const { page } = await visits.open(address)
  await page.locator('.exports').waitFor()
  const saved = await savedTest(page)
  expect(saved).toContain('{ resolves: {"nr":1}')
  expect(saved).toContain('{ rejects: Object.assign(new Error("no money"), {"name":"RangeError"})')
  expect(saved).toContain('/* it had not answered */')
  expect(saved).toContain('what is answered by "bell", "ticks"')
  const service = `import { assign, createMachine, fromCallback, fromObservable, fromPromise } from 'xstate'
const keep = assign({ receipts: ({ context, event }) => [...context.receipts, event.output] })
const refuse = async () => { throw new Error('the real one') }
export default createMachine(${STALL}).provide({ actions: { keep }, actors: { charge: fromPromise(refuse), bell: fromCallback(() => {}), ticks: fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) })) } })`
  expect(await runSaved(saved, service)).toContain('The actor “bell” cannot be verified')
  const driven = saved
    .replace('// "bell": { … }', '"bell": { sends: [] }')
    .replace('// "ticks": { … }', '"ticks": { emits: [1], completes: true }')
  expect(await runSaved(driven, service)).toMatch(/Tests +1 passed/)
}, 120_000)
