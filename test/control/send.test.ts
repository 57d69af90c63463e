import { defineService, type Service, type SupervisorOptions } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { callControl } from '../../src/control/index.js'
import { sendTo } from '../../src/control/send.js'
import { temporaryFolder } from '../kit/folder.js'
import { served } from './kit.js'

const machine = setup({
  types: { context: {} as { n: number } },
  guards: {
    never: () => false,
    burst: () => {
      throw new Error('the guard burst')
    },
    told: ({ event }) => event.type === 'BY THE WAY',
  },
  actions: { note: () => {} },
}).createMachine({
  context: { n: 0 },
  initial: 'off',
  on: {
    SWITCH: '.on',
    ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) },
    NOTE: { actions: 'note' },
    FORBIDDEN: {},
    GUARDED: { guard: 'never', target: '.on' },
    BURST: { guard: 'burst', target: '.on' },
    END: '.end',
  },
  states: { off: { always: { guard: 'told', target: 'on' } }, on: {}, end: { type: 'final' } },
})

const switches = defineService({ id: 'switch', version: 1, machine })

/** A service behind a socket, and what comes of an event sent to it. */
async function behindSocket(more: Partial<SupervisorOptions> = {}) {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder, {}, more)
  const service = await supervisor.start(switches, { key: 'hall' })
  const send = (type: string, eventKey?: string) =>
    callControl(folder, {
      type: 'send',
      key: 'hall',
      event: { type },
      ...(eventKey === undefined ? {} : { eventKey }),
    })
  return { folder, supervisor, service: service as unknown as Service, send }
}

test.each([
  ['SWITCH', 'applied'],
  ['ADD', 'applied'],
  // Nothing but an effect: the snapshot stays the same.
  ['NOTE', 'applied'],
  // No transition is for it, but one without an event looks at it.
  ['BY THE WAY', 'applied'],
  ['UNKNOWN', 'ignored'],
  ['GUARDED', 'ignored'],
  ['FORBIDDEN', 'ignored'],
])('%s is %s', async (type, outcome) => {
  const { service, send } = await behindSocket()
  const before = service.machine.getSnapshot()
  expect(await send(type)).toMatchObject({ outcome, phase: 'running' })
  if (outcome === 'ignored') expect(service.machine.getSnapshot()).toBe(before)
})

test('an event of a key that was seen is not applied again, not even to an ended service', async () => {
  const { service, send } = await behindSocket()
  expect(await send('ADD', 'e1')).toMatchObject({ outcome: 'applied' })
  expect(await send('ADD', 'e1')).toMatchObject({ outcome: 'seen' })
  expect(await send('UNKNOWN', 'e2')).toMatchObject({ outcome: 'ignored' })
  expect(await send('UNKNOWN', 'e2')).toMatchObject({ outcome: 'seen' })
  expect(service.machine.getSnapshot().context).toEqual({ n: 1 })
  expect(await send('END', 'e3')).toMatchObject({ outcome: 'applied', phase: 'done' })
  expect(await send('END', 'e3')).toMatchObject({ outcome: 'seen', phase: 'done' })
  await expect(send('END', 'e4')).rejects.toMatchObject({ code: 'SERVICE_ENDED' })
})

test('an event to a paused service is kept, and applied when it goes on', async () => {
  const { folder, supervisor, service, send } = await behindSocket()
  await service.pause()
  expect(await send('ADD', 'e1')).toMatchObject({ outcome: 'kept', phase: 'paused' })
  expect(await send('ADD', 'e1')).toMatchObject({ outcome: 'seen', phase: 'paused' })
  expect(await supervisor.list()).toMatchObject([{ phase: 'paused' }])
  expect(service.machine.getSnapshot().context).toEqual({ n: 0 })
  await callControl(folder, { type: 'resume', key: 'hall' })
  expect(service.machine.getSnapshot().context).toEqual({ n: 1 })
})

test('an event wakes a service that slept: applied where it goes on, kept where something holds it', async () => {
  const { host, interrupt, release } = manualHost()
  const { supervisor, service } = await behindSocket({ host })
  expect(supervisor.letGoIdle()).toBe(1)
  expect(await sendTo(service, { type: 'ADD' }, undefined)).toBe('applied')
  expect(supervisor.letGoIdle()).toBe(1)
  await interrupt('frozen')
  expect(await sendTo(service, { type: 'ADD' }, undefined)).toBe('kept')
  expect(service.machine.getSnapshot().context).toEqual({ n: 1 })
  await release('frozen')
  await service.settled()
  expect(service.machine.getSnapshot().context).toEqual({ n: 2 })
})

test('an event that the machine fails over is refused with the failure', async () => {
  const { service, send } = await behindSocket()
  await expect(send('BURST')).rejects.toMatchObject({
    code: 'MACHINE_FAILED',
    message: expect.stringContaining('the guard burst'),
  })
  expect(service.getSnapshot().value).toBe('failed')
})
