import { expect, test } from 'vitest'
import type { Shown } from '../../src/inspect/shown.js'
import type { ServiceState } from '../../src/inspect/stream/state.js'
import { besideTwin, comparison } from '../../visualizer/src/store/differences.js'
import { lampMachine } from './kit/demo.js'
import { shows, visiting } from './kit/page.js'
import { BEGAN_MS, Recording } from './kit/recording.js'
import { silentCheckpoint, tellInside, tellStored } from './kit/silent.js'

const visits = visiting()

const bare: ServiceState = {
  definition: 'lamp',
  version: 1,
  chart: '',
  lifecycleChart: '',
  holds: [],
  actors: [],
  timers: [],
  inbox: [],
  outbox: [],
}
const ring = { effectKind: 'action', actor: [], name: 'ring', running: false } as const

test('an effect is the same by its key, whatever its number is, and where it has none by its name', () => {
  const before = { ...bare, outbox: [{ ...ring, effect: 7, effectKey: 'hall/3/1' }] }
  const after = {
    ...bare,
    outbox: [
      { ...ring, effect: 1, effectKey: 'hall/9/0' },
      { ...ring, effect: 2, effectKey: 'hall/3/1' },
    ],
  }
  expect(comparison(before, { ...bare, outbox: after.outbox.slice(1) })).toEqual([])
  expect(comparison(before, after)).toEqual([
    { path: ['outbox', 'ring (2)'], before: undefined, after: 'waits' },
  ])
  expect(comparison(before, { ...bare, outbox: after.outbox.slice(0, 1) })).toHaveLength(2)
  const keyless = { ...bare, outbox: [{ ...ring, effect: 4 }] }
  expect(comparison(keyless, { ...bare, outbox: after.outbox.slice(1) })).toEqual([])
})

test('of two timers for one event each is compared with itself, and an inbox that was drained with what is left', () => {
  const timer = { actor: [], target: [], event: { type: 'RING' }, delayMs: 9, policy: 'deadline' }
  const [first, second] = [
    { ...timer, id: 'a', dueAtMs: 1 },
    { ...timer, id: 'b', dueAtMs: 2 },
  ]
  expect(comparison({ ...bare, timers: [first, second] }, { ...bare, timers: [second] })).toEqual([
    { path: ['timers', 'RING'], before: 1, after: undefined },
  ])
  const waiting = ['e1', 'e2'].map((eventKey) => ({ event: { type: 'PRESS', by: eventKey }, eventKey }))
  expect(comparison({ ...bare, inbox: waiting }, { ...bare, inbox: waiting.slice(1) })).toEqual([
    { path: ['inbox', 'e1'], before: { type: 'PRESS', by: 'e1' }, after: undefined },
  ])
})

/** A lamp that owed an effect when its process was killed, and goes on in one that records nothing; `key`: what was recorded of its effect. */
function owing(key: string | undefined): Recording {
  const recording = new Recording('p1', false)
  const hall = recording.service('hall', lampMachine()).start()
  hall.send({ type: 'PRESS' })
  hall.tell({ kind: 'effect', effect: 1, change: 'waiting', what: { ...ring } })
  recording.commit('hall')
  if (key !== undefined) hall.tell({ kind: 'effect', effect: 1, change: 'released', effectKey: key })
  const stored = silentCheckpoint(31, 6000, 'on')
  const type = 'xstate.after.60000.lamp.on'
  const due = { delayMs: 60_000, dueAtMs: BEGAN_MS + 86_400_000, policy: 'deadline' }
  tellStored(recording, stored)
  tellInside(recording, stored, 0, {
    timers: [{ actor: [], target: [], id: type, event: { type }, ...due }],
    outbox: [{ ...ring, effect: 1, effectKey: 'hall/3/0' }],
  })
  return recording
}

test('a recorded moment beside a checkpoint: what both owe is no difference, and timers are told in the time of the place', async () => {
  for (const [key, at] of [
    [undefined, 'commit'],
    ['hall/3/0', 'commit'],
    ['hall/3/0', 'effect'],
  ] as const) {
    const { page } = await visits.show(owing(key), '&service=hall', { timezoneId: 'Asia/Tokyo' })
    const outbox = page.getByRole('region', { name: 'Outbox' })
    await outbox.getByText('is owed').waitFor()
    await page.getByRole('listbox', { name: 'Moments' }).getByRole('option', { name: at }).last().click()
    await outbox.getByText(at === 'effect' ? 'runs' : 'waits for its commit').waitFor()
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('button', { name: 'End', exact: true }).click()
    const compared = page.getByRole('region', { name: 'Compared' })
    await shows(
      () => compared.locator('.path').allTextContents(),
      ['timers › after 1 min in on', 'checkpoint'],
    )
    await shows(
      () => compared.getByRole('listitem').first().locator('del, ins').allTextContents(),
      ['deadline, at 18:31:00.012', 'deadline, at 2026-06-02 18:30:00.000'],
    )
  }
  const { page } = await visits.show(owing('hall/2/4'), '&service=hall')
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'One moment back' }).click()
  const differing = page.getByRole('region', { name: 'Compared' }).locator('.path')
  await shows(
    () => differing.filter({ hasText: 'outbox' }).allTextContents(),
    ['outbox › ring', 'outbox › ring (2)'],
  )
})

test('a timer that stands still is compared as the details tell it', async () => {
  const recording = new Recording('p1', false)
  const hall = recording.service('hall', lampMachine()).start()
  const what = {
    target: [],
    event: { type: 'DIM' },
    delayMs: 9000,
    dueAtMs: BEGAN_MS + 9000,
    policy: 'remaining',
  }
  hall.tell({ kind: 'timer', change: 'set', actor: [], id: 'DIM', what })
  recording.nowMs += 4000
  hall.lifecycle('paused', 'lifecycle.durable')
  recording.commit('hall', 'paused')
  const { page } = await visits.show(recording, '&service=hall')
  await page.getByRole('region', { name: 'Timers' }).getByText('5 s after it goes on').waitFor()
  // Its name may be cut off.
  const name = page.getByRole('region', { name: 'Timers' }).locator('.owed .name')
  expect(await name.getAttribute('title')).toBe(await name.textContent())
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('listbox', { name: 'Moments' }).getByRole('option', { name: 'DIM' }).click()
  const compared = page.getByRole('region', { name: 'Compared' })
  const timer = compared.getByRole('listitem').filter({ hasText: 'timers › DIM' })
  await shows(
    () => timer.locator('del, ins').allTextContents(),
    ['remaining, at 09:30:09.000', 'remaining, 5 s after it goes on'],
  )
})

test('a task is compared as the details show it: an actor by what it is called there, and its steps by their names', async () => {
  const told = (steps: readonly Shown[]) => [
    { actor: ['0.hall.on'], logic: 'weigh', snapshot: { status: 'active', steps } },
  ]
  const [tare, mean] = [
    { name: 'tare', output: { grams: 3 } },
    { name: 'mean', output: 7 },
  ]
  expect(comparison({ ...bare, actors: told([tare]) }, { ...bare, actors: told([mean, tare]) })).toEqual([
    { path: ['actors', '0.hall.on', 'steps', 'mean'], before: undefined, after: 7 },
  ])

  const recording = new Recording('p1', false)
  const hall = recording.service('hall', lampMachine()).start()
  const actor = ['0.hall.on']
  hall.tell({ kind: 'actor', actor, logic: 'weigh', snapshot: { status: 'active', steps: [] } })
  const changes = [{ path: ['steps'], value: [tare] }]
  hall.tell({ kind: 'step', actor, event: 'tardigrade.task.step', changes })
  const { page } = await visits.show(recording, '&service=hall')
  await page
    .getByRole('listbox', { name: 'Moments' })
    .getByRole('option', { name: 'is there' })
    .last()
    .click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'End', exact: true }).click()
  const compared = page.getByRole('region', { name: 'Compared' })
  await shows(
    () => compared.getByRole('listitem').allTextContents(),
    ['actors › weigh › steps › tare{"grams":3}'],
  )
})

test('of a counterexample that failed in the same way as its twin nothing differs, whatever is in memory of it', () => {
  const failed = (failure: Shown, lifecycle = 'failed') => ({ ...bare, lifecycle, failure })
  const remedy = 'Mend it.'
  const at = (event: string) => ({
    message: `The machine failed${event}: jam. ${remedy}`,
    remedy,
    code: 'MACHINE_FAILED',
  })
  const earlier = {
    message: 'The service failed at 1970-01-01T00:00:00.000Z: The machine failed: jam.',
    code: 'FAILED_EARLIER',
    failure: { message: 'The machine failed: jam.' },
  }
  const waits = { ...failed(at(' at the event “PASS” of its inbox')), inbox: [{ event: { type: 'PASS' } }] }
  expect(besideTwin(failed(at('')), waits)).toEqual([])
  expect(besideTwin(failed(at('')), failed(earlier))).toEqual([])
  expect(besideTwin(failed(at('')), failed({ message: 'The machine failed: lost.' }))).toEqual([
    { path: ['failure'], before: 'The machine failed: jam.', after: 'The machine failed: lost.' },
  ])
})

test('an actor is compared by its name and its state, and not by what stands for them in a snapshot', () => {
  const dripping = { status: 'active', value: { dripping: 'slow' }, context: { ml: 3 } }
  const bed = (snapshot: Shown) => ({ ...bare, actors: [{ actor: ['bed-1'], logic: 'bed', snapshot }] })
  expect(comparison(bed({ status: 'active', value: 'closed', context: { ml: 2 } }), bed(dripping))).toEqual([
    { path: ['actors', 'bed-1', 'state'], before: 'closed', after: 'dripping.slow' },
    { path: ['actors', 'bed-1', 'context', 'ml'], before: 2, after: 3 },
  ])
  expect(comparison(bed(null), bed(dripping))).toEqual([
    { path: ['actors', 'bed-1'], before: 'is there', after: 'dripping.slow' },
  ])
})
