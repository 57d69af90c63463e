import fc from 'fast-check'
import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { ownOf } from '../../src/testing/own-options.js'

const define = (id: string, ...types: readonly string[]) =>
  defineService({
    id,
    version: 1,
    machine: createMachine({ on: Object.fromEntries(types.map((type) => [type, {}])) }),
  })
const order = define('order', 'PAY', 'RESET')
const bird = define('bird', 'FLY', 'RESET')
const all = [order, bird]
const [pay, fly, reset] = ['PAY', 'FLY', 'RESET'].map((type) => ({ type }))

test('each service has the events that it takes; what all are for others has none said', async () => {
  const events = [pay, fly, reset]
  expect(await ownOf({ events }, order, all)).toEqual({ events: [pay, reset] })
  expect(await ownOf({ events }, bird, all)).toEqual({ events: [fly, reset] })
  expect(await ownOf({ events: [pay] }, bird, all)).toEqual({ events: undefined })
  expect(await ownOf({ events: [] }, bird, all)).toEqual({ events: [] })
  // One alone has all options as they are, so that what is wrong is told in its own words.
  expect(await ownOf({ events }, order, [order])).toEqual({ events })
})

test('an arbitrary draws for a service what it takes, and is none of one of which it draws nothing', async () => {
  const [both, pays] = [fc.constantFrom(pay, fly), fc.constant(pay)]
  const { events } = await ownOf({ events: [both, pays] }, bird, all)
  expect(events).toHaveLength(1)
  expect(fc.sample(events[0] as typeof both, { numRuns: 50, seed: 1 })).toEqual(Array(50).fill(fly))
})

test('each service has the sequences of which it takes every event', async () => {
  const later = { do: 'advance', ms: 5 }
  const sequences = [[pay, later], [{ do: 'send', event: fly }], [later]]
  expect(await ownOf({ sequences }, order, all)).toEqual({ sequences: [[pay, later], [later]] })
  expect(await ownOf({ sequences }, bird, all)).toEqual({
    sequences: [[{ do: 'send', event: fly }], [later]],
  })
  await expect(ownOf({ sequences: [[pay], [pay, fly]] }, bird, all)).rejects.toThrow(
    'The option sequences is of 2, and bird takes all events of none. Give one of events that it takes (FLY, RESET) too',
  )
})

test('an event for none of the services is told by where it stands', async () => {
  const says = (at: string) =>
    `The option ${at} is of an event “RESTE”, which none of the services takes. Give “RESET”, if that is meant`
  await expect(ownOf({ events: [pay, { type: 'RESTE' }] }, order, all)).rejects.toThrow(says('events[1]'))
  const sequences = [[pay], [pay, { type: 'RESTE' }]]
  await expect(ownOf({ sequences }, order, all)).rejects.toThrow(says('sequences[1][1]'))
})
