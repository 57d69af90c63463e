import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/inspect/stream/entry.js'
import type { TraceMessage } from '../../src/inspect/stream/trace.js'
import { Store } from '../../visualizer/src/store/store.js'
import { tell } from '../../visualizer/src/transport/fitting.js'
import { isMessage } from '../../visualizer/src/transport/shapes.js'
import { demo, lampMachine } from './kit/demo.js'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

/*
 * Faults: a trace of another version, or another server, tells of things in other shapes. Promise: each of them is said to be missing where
 * it was to stand, and everything else is shown as ever.
 */

const visits = visiting()

function told(messages: readonly TraceMessage[]) {
  const store = new Store()
  let damaged = 0
  const listener = {
    message: (message: Parameters<Store['apply']>[0]) => store.apply(message),
    damaged: () => damaged++,
    connection: () => {},
    seen: () => ({ seen: {}, charts: [] }),
  }
  for (const message of messages) tell(message, 0, listener)
  store.publish()
  return { store, moments: store.services.get('hall')?.moments.all() ?? [], damaged }
}

function pressed(): Recording {
  const recording = new Recording()
  const hall = recording.service('hall', lampMachine()).start()
  hall.send({ type: 'PRESS' })
  recording.add('hall', { kind: 'hold', change: 'set', hold: 'user', by: 'program' })
  recording.add('hall', { kind: 'inbox', change: 'accepted', event: { type: 'PRESS' } })
  recording.add('hall', {
    kind: 'effect',
    effect: 1,
    change: 'waiting',
    what: { effectKind: 'action', actor: [], name: 'ring' },
  })
  recording.add('hall', { kind: 'ended', actor: ['kid'] })
  return recording
}

/** The recording with some entries in another shape. */
function broken(recording: Recording, change: (entry: Entry) => unknown): readonly TraceMessage[] {
  return recording.messages.map((message) =>
    message.type === 'entries' ? { ...message, entries: message.entries.map(change) as Entry[] } : message,
  )
}

describe('what has another shape', () => {
  test('whatever a process of this version tells has the shape of its kind', async () => {
    const { messages } = await demo()
    expect(messages.filter((message) => !isMessage(message))).toEqual([])
    const { store, damaged } = told(messages)
    expect([store.missing, damaged]).toEqual([0, 0])
  })

  const all = pressed().messages.flatMap((message) => (message.type === 'entries' ? message.entries : []))
  // What an entry may go without, or is any value.
  const FREE = ['fresh', 'slept', 'ok', 'event', 'snapshot', 'state', 'microsteps', 'what', 'kind', 'key']
  const fields = new Map(
    all.flatMap((entry) =>
      Object.keys(entry)
        .filter((field) => ![...FREE, 'sequence'].includes(field))
        .map((field) => [`${entry.kind} ${field}`, [entry.kind, field] as const] as const),
    ),
  )

  test.each([...fields.values()])(
    'an entry %s whose %s is another thing is counted as missing',
    (kind, field) => {
      for (const other of [null, {}, [[7]], undefined]) {
        const is = ({ sequence }: Entry) => sequence === all.find((entry) => entry.kind === kind)?.sequence
        const { store, moments, damaged } = told(
          broken(pressed(), (entry) => (is(entry) ? { ...entry, [field]: other } : entry)),
        )
        expect(moments.length).toBe(all.length)
        expect(moments.filter(({ type }) => type === 'gap')).toMatchObject([{ missing: 1, of: 'entry' }])
        expect([store.missing, damaged]).toEqual([1, 0])
      }
    },
  )

  test('several in a row are one line, and what is of no service is said to be damaged', () => {
    const steps = broken(pressed(), (entry) => (entry.kind === 'step' ? { ...entry, actor: 7 } : entry))
    expect(told(steps).moments.filter(({ type }) => type === 'gap')).toMatchObject([{ missing: 1 }])
    const none = told(broken(pressed(), (entry) => (entry.sequence > 3 ? { ...entry, atMs: 1e300 } : entry)))
    expect(none.moments.length).toBe(4)
    expect(none.moments.at(-1)).toMatchObject({ type: 'gap', missing: all.length - 3, sequence: all.length })
    expect(none.store.missing).toBe(all.length - 3)
    const { damaged, moments } = told(broken(pressed(), (entry) => (entry.kind === 'step' ? 'step' : entry)))
    expect(damaged).toBe(1)
    expect(moments.length).toBe(all.length - 1)
  })

  test('how a service stood, in another shape, is missing where it was to stand', () => {
    const state = told(pressed().messages).store.services.get('hall')?.state ?? expect.fail('no state')
    const base = (other: object): TraceMessage => ({
      type: 'base',
      incarnation: 'p1',
      sequence: 9,
      key: 'hall',
      state: { ...state, ...other },
    })
    expect(told([base({})]).moments).toMatchObject([{ type: 'base' }])
    for (const other of [
      { actors: [null] },
      { holds: 7 },
      { timers: undefined },
      { commit: {} },
      { chart: 7 },
    ])
      expect(told([base(other)]).moments).toMatchObject([{ type: 'gap', of: 'base', missing: 1 }])
  })

  test('a stored service in another shape is left out, and the others are told', () => {
    const facts = {
      definition: 'lamp',
      version: 1,
      checkpoint: 7,
      epoch: 2,
      savedAtMs: 5,
      size: 9,
      phase: 'done',
    }
    const services = [{ ...facts, key: 'a' }, { ...facts, key: 'b', savedAtMs: 1e300 }, null]
    const { store, damaged } = told([
      { type: 'stored', services, removed: [], complete: true } as unknown as TraceMessage,
    ])
    expect([...store.services.keys()]).toEqual(['a'])
    expect(store.kept.isTold.value).toBe(true)
    expect(damaged).toBe(1)
  })

  test.each([
    [null],
    [7],
    [{ type: 7 }],
    [{ type: 'entries', incarnation: 'p1', entries: 7 }],
    [{ type: 'incarnation', incarnation: 'p1', pid: 1, startedAtMs: 'now', live: true }],
    [{ type: 'gap', incarnation: 'p1', from: 1, to: {} }],
    [{ type: 'recordings', problems: [{ code: 7 }] }],
    [{ type: 'history', id: 1, key: 'hall', checkpoints: [{}] }],
    [{ type: 'refused', message: {} }],
  ])('%j is no message', (message) => {
    expect(isMessage(message)).toBe(false)
    expect(isMessage({ type: 'of a newer version', entries: 7 })).toBe(true)
  })
})

test('a page that opens a trace with some of it in another shape shows all else, and says how many are missing', async () => {
  const recording = pressed()
  const messages: unknown[] = [
    ...broken(recording, (entry) => {
      if (entry.kind === 'event') return { ...entry, to: {} }
      return entry.kind === 'step' ? { ...entry, microsteps: [{ event: '', transitions: [null] }] } : entry
    }),
    { type: 'base', incarnation: 'p1', sequence: 99, key: 'hall', state: { actors: [null] } },
    7,
  ]
  const { page, problems } = await visits.showTrace(JSON.stringify({ tardigradeTrace: 1, messages }))
  const moments = page.getByRole('listbox', { name: 'Moments' })
  await moments.getByText('2 entries in another shape are missing here').click()
  await page.keyboard.press('End')
  await moments.getByText('How it stood here came in another shape, and is missing').waitFor()
  await moments.getByText('kid ended').waitFor()
  await page.getByRole('alert').getByText('A part of what came is damaged, and is left out.').waitFor()
  expect(await page.locator('.app').getAttribute('data-missing')).toBe('3')
  expect(problems).toEqual([])
})

test('a line that cannot be shown says so in its place, and everything beside it is shown', async () => {
  const recording = new Recording()
  const hall = recording.service('hall', lampMachine()).start()
  hall.send({ type: 'PRESS' }, 1000)
  const badMs = recording.nowMs
  hall.send({ type: 'PRESS' }, 1000)
  const { page, problems } = await visits.open('about:blank')
  await page.addInitScript((bad) => {
    const real = Date.prototype.getMilliseconds
    Date.prototype.getMilliseconds = function () {
      if (this.getTime() === bad) throw new Error('this time is broken')
      return real.call(this)
    }
  }, badMs)
  const { page: server } = await visits.show(recording)
  await page.goto(server.url())
  const moments = page.getByRole('listbox', { name: 'Moments' })
  const inside = page.getByLabel('What is in this moment')
  const bad = moments.getByText('This cannot be shown: this time is broken')
  await bad.first().click()
  await inside.getByText('This cannot be shown: this time is broken').waitFor()
  // The title tells its time, too.
  await moments.getByText('→ on').first().waitFor()
  await page.locator('.details').getByText('Context').first().waitFor()
  await page.keyboard.press('Home')
  await inside.getByText('version 1 came into this process').waitFor()
  await page.locator('.drawing .box').first().waitFor()
  expect(await page.locator('.stage .bad').count()).toBe(0)
  expect(problems).toEqual([])
})
