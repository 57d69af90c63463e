import { expect, test } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliJson, fixture, owner } from './kit.js'

const ADDER = fixture('adder.mjs')
const INPUT = ['--input', '{"from":1}']

test('an event of the inbox at which the machine throws is named, shown and left out with --last-good', async () => {
  const store = temporaryFolder()
  const running = await owner(store, ADDER, ...INPUT)
  expect((await cli(store, 'pause', 'adder')).out).toBe('adder adder: paused, held by user\n')
  await cli(store, 'send', 'adder', '{"type":"ADD","by":2}')
  await cli(store, 'send', 'adder', 'BAD', '--event-key', 'b1')
  await cli(store, 'send', 'adder', '{"type":"ADD","by":3}')
  const { code, err } = await cli(store, 'resume', 'adder')
  expect(code).toBe(1)
  expect(err).toContain('failed at the event “BAD” (key “b1”) of its inbox: Error: no number.')
  expect(err).toContain('With --last-good it goes on without that event, which stays in quarantine.')
  expect(await running.exit).toBe(1)

  const { out } = await cli(store, 'show', 'adder')
  expect(out).toContain('{"type":"BAD"} with key b1, at which it failed\n')
  expect(out.match(/at which it failed/g)).toHaveLength(1)
  expect(JSON.stringify(await cliJson(store, 'doctor'))).toContain(
    'With --last-good it goes on without the event \\"BAD\\" of its inbox, which stays in quarantine.',
  )

  const again = await owner(store, ADDER, '--retry', '--last-good')
  await again.reaches('running')
  expect((await cliJson(store, 'show', 'adder')).record).toMatchObject({
    root: { snapshot: { context: { sum: 6 } } },
  })
  expect(await cliJson(store, 'doctor')).toMatchObject({ findings: [{ code: 'QUARANTINED', key: 'adder' }] })
})

test('a machine without states is in none, and what is undefined in its context is not shown as null', async () => {
  const store = temporaryFolder()
  await owner(store, ADDER, ...INPUT)
  expect((await cli(store, 'send', 'adder', '{"type":"ADD","by":2}')).out).toBe(
    'ADD: applied.\nadder adder: running\n',
  )
  expect((await cli(store, 'show', 'adder')).out).toContain('context {"sum":3,"notes":["[undefined]"]}')
})

test('who begins it without the input that it needs is told how to give one', async () => {
  const store = temporaryFolder()
  const { code, err } = await cli(store, 'run', ADDER)
  expect(code).toBe(1)
  expect(err).toContain(
    `If its machine takes an input, give it with --input, as in --input '{"from":"a.txt"}'.`,
  )
  const given = await owner(store, ADDER, ...INPUT)
  await given.reaches('running')
})
