import { createSupervisor, defineService, type HostSink, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine, setup, waitFor } from 'xstate'
import { wokenUp } from '../../src/hosts/woken.js'
import { Gate } from '../kit/gate.js'

test('who wakes has each service rest once and go on by itself, whatever step another one is at', async () => {
  let sink: HostSink | undefined
  const store = memoryStore()
  const host = (given: HostSink) => {
    sink = given
    return () => {}
  }
  const supervisor = await createSupervisor({ store, host })
  onTestFinished(() => supervisor.close().then(() => {}))
  const gate = new Gate()
  gate.shut()
  const begun = new Gate()
  begun.shut()
  const slow = task(({ step }) =>
    step('long', () => {
      begun.open()
      return gate.pass()
    }),
  )
  const machine = setup({ actors: { slow } }).createMachine({ invoke: { src: 'slow', id: 'slow' } })
  const long = await supervisor.start(defineService({ id: 'long', version: 1, deadlineMs: 600_000, machine }))
  await begun.pass()
  const quick = await supervisor.start(defineService({ id: 'quick', version: 1, machine: createMachine({}) }))
  const committed = async () => (await (await store.read()).load('quick'))?.sequence ?? 0
  const before = await committed()
  const went: unknown[] = []
  quick.subscribe(({ value }) => {
    if (value !== went.at(-1)) went.push(value)
  })
  if (sink !== undefined) wokenUp(sink)
  await waitFor(quick, ({ value }) => value === 'running' && went.length > 1)
  expect(long.getSnapshot().value).toBe('checkpointing')
  expect(went).toEqual(['checkpointing', 'resuming', 'running'])
  expect(await committed()).toBeGreaterThan(before)
  gate.open()
  await waitFor(long, ({ value }) => value === 'running' || value === 'done')
})
