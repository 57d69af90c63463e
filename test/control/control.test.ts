import { manualHost } from 'tardigrade/hosts/manual'
import { expect, test } from 'vitest'
import { carryOut } from '../../src/control/answer.js'
import { callControl, OwnerGoneError, OwnerUnreachableError, RemoteError } from '../../src/control/index.js'
import { temporaryFolder } from '../kit/folder.js'
import { bulb, lamp, served } from './kit.js'

test('every request reaches the supervisor', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  const service = await supervisor.start(lamp, { key: 'hall' })
  const key = 'hall'

  const alone = { pid: process.pid, services: 1, sleeping: 0 }
  expect(await callControl(folder, { type: 'ping' })).toEqual(alone)
  expect(await callControl(folder, { type: 'ping', of: ['hall', 'attic'] })).toEqual({
    ...alone,
    unbegun: ['attic'],
    held: [{ key: 'hall', holds: [] }],
  })
  const on = { key, service: 'lamp', phase: 'running', state: 'on', holds: [] }
  expect(await callControl(folder, { type: 'send', key, event: { type: 'SWITCH' } })).toEqual({
    ...on,
    outcome: 'applied',
  })
  const paused = { ...on, changed: true, phase: 'paused', holds: ['user'] }
  expect(await callControl(folder, { type: 'pause', key })).toEqual(paused)
  expect(await callControl(folder, { type: 'pause', key, hold: 'holiday', deadlineMs: 5 })).toMatchObject({
    holds: ['user', 'holiday'],
  })
  expect(await callControl(folder, { type: 'resume', key, hold: 'holiday' })).toEqual(paused)
  expect(await callControl(folder, { type: 'resume', key })).toEqual({ ...on, changed: true })
  expect(await callControl(folder, { type: 'checkpoint', key })).toEqual({ services: 1 })
  expect(await callControl(folder, { type: 'checkpoint' })).toEqual({ services: 1 })
  expect(await callControl(folder, { type: 'rm', key })).toEqual({ key })
  expect(service.getSnapshot().value).toBe('stopped')
  expect(await supervisor.list()).toEqual([])
  await supervisor.start(lamp, { key: 'attic' })
  expect(await callControl(folder, { type: 'stop' })).toEqual({ safe: 1, unsafe: [] })
  // Nobody is left to be asked.
  await expect(callControl(folder, { type: 'ping' })).rejects.toThrow(OwnerUnreachableError)
})

test('whoever asks for the end, nobody listens after it', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder, { keepAlive: true })
  // As a page does.
  expect(await carryOut(supervisor, { type: 'stop' }, 'page')).toEqual({ safe: 0, unsafe: [] })
  await expect(callControl(folder, { type: 'ping' })).rejects.toThrow(OwnerUnreachableError)
})

test('what changes nothing is answered so', async () => {
  const folder = temporaryFolder()
  const platform = manualHost()
  const { supervisor } = await served(folder, {}, { host: platform.host })
  await supervisor.start(lamp, { key: 'hall' })
  const changed = async (request: { type: 'pause' | 'resume' | 'retry'; hold?: string }) =>
    (await callControl<'pause' | 'resume' | 'retry'>(folder, { key: 'hall', ...request })).changed
  expect(await changed({ type: 'resume' })).toBe(false)
  expect(await changed({ type: 'retry' })).toBe(false)
  expect(await changed({ type: 'pause' })).toBe(true)
  expect(await changed({ type: 'pause' })).toBe(false)
  // The platform's hold of the same name is another.
  await platform.interrupt('frozen')
  expect(await changed({ type: 'resume', hold: 'frozen' })).toBe(false)
  expect(await changed({ type: 'pause', hold: 'frozen' })).toBe(true)
  expect(await changed({ type: 'resume', hold: 'frozen' })).toBe(true)
  expect(await changed({ type: 'resume' })).toBe(true)
})

test('an event with a key is applied once', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  const service = await supervisor.start(lamp, { key: 'hall' })
  const press = { type: 'send', key: 'hall', event: { type: 'PRESS' }, eventKey: 'e1' } as const
  expect(await callControl(folder, press)).toMatchObject({ outcome: 'applied' })
  expect(await callControl(folder, press)).toMatchObject({ outcome: 'seen' })
  expect(service.machine.getSnapshot().context.presses).toBe(1)
})

test('retry lets a failed service go on', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  await supervisor.start(lamp, { key: 'hall' })
  const broken = await callControl(folder, { type: 'send', key: 'hall', event: { type: 'BREAK' } })
  expect(broken).toMatchObject({ outcome: 'applied', phase: 'failed', failure: { code: 'EFFECT_FAILED' } })
  await expect(callControl(folder, { type: 'checkpoint', key: 'hall' })).rejects.toMatchObject({
    code: expect.stringMatching(/_FAILED$/),
    message: expect.stringContaining('the bulb burst'),
  })
  bulb.bad = false
  expect(await callControl(folder, { type: 'retry', key: 'hall' })).toMatchObject({ phase: 'running' })
})

test.each([
  ['no object', 'PRESS', 'INVALID_EVENT'],
  ['no type', { kind: 'PRESS' }, 'INVALID_EVENT'],
  ['null', null, 'INVALID_EVENT'],
  ['an event of XState', { type: 'xstate.stop' }, 'RESERVED_EVENT'],
  ['an event of this library', { type: 'tardigrade.task.done' }, 'RESERVED_EVENT'],
])('an event that is %s is refused, and nothing changes', async (_, event, code) => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  await supervisor.start(lamp, { key: 'hall' })
  const before = await supervisor.list()
  const refused = callControl(folder, { type: 'send', key: 'hall', event })
  await expect(refused).rejects.toMatchObject({ name: 'RemoteError', code, service: 'lamp', key: 'hall' })
  await expect(refused).rejects.toBeInstanceOf(RemoteError)
  expect(await supervisor.list()).toEqual(before)
})

test('a service that has ended takes no events, and says what to do', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  const stopped = await supervisor.start(lamp, { key: 'stopped' })
  await stopped.stop()
  const done = await supervisor.start(lamp, { key: 'done' })
  await done.send({ type: 'UNSCREW' })
  for (const key of ['stopped', 'done']) {
    const refused = callControl(folder, { type: 'send', key, event: { type: 'PRESS' } })
    const error = await refused.catch((thrown: RemoteError) => thrown)
    expect(error).toMatchObject({ code: 'SERVICE_ENDED', key, remedy: expect.stringMatching(/\w/) })
    // The message ends with the remedy once, as it does at the owner.
    expect(String(error).split((error as RemoteError).remedy)).toHaveLength(2)
  }
})

test.each(['nobody', '../x', '', 'a\0b', 'x'.repeat(513)])('the key %j is refused', async (key) => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  const refused = callControl(folder, { type: 'send', key, event: { type: 'PRESS' } })
  await expect(refused).rejects.toMatchObject({ code: /[.n]/.test(key) ? 'UNKNOWN_SERVICE' : 'INVALID_KEY' })
  expect(await supervisor.list()).toEqual([])
})

test('nobody listens', async () => {
  const folder = temporaryFolder()
  await expect(callControl(folder, { type: 'ping' })).rejects.toBeInstanceOf(OwnerUnreachableError)
  await expect(callControl(`${folder}/none`, { type: 'ping' })).rejects.toBeInstanceOf(OwnerUnreachableError)
  const { stop } = await served(folder)
  await stop()
  await expect(callControl(folder, { type: 'ping' })).rejects.toBeInstanceOf(OwnerUnreachableError)
})

test('the owner stops while a request is open', async () => {
  const folder = temporaryFolder()
  const { supervisor, stop } = await served(folder, { graceMs: 0 })
  const service = await supervisor.start(lamp, { key: 'hall' })
  await service.send({ type: 'BUSY' })
  const open = callControl(folder, { type: 'pause', key: 'hall', deadlineMs: 600_000 })
  const refused = expect(open).rejects.toBeInstanceOf(OwnerGoneError)
  await new Promise<void>((resolve) => {
    service.subscribe(({ value }) => value === 'checkpointing' && resolve())
  })
  await stop()
  await refused
})

test('requests under way are answered before stopping is over', async () => {
  const folder = temporaryFolder()
  const { supervisor, stop } = await served(folder)
  const service = await supervisor.start(lamp, { key: 'hall' })
  const pausing = callControl(folder, { type: 'pause', key: 'hall' })
  await new Promise<void>((resolve) => {
    service.subscribe(({ value }) => value === 'checkpointing' && resolve())
  })
  await stop()
  expect(await pausing).toMatchObject({ phase: 'paused' })
})

test('a grace without end is as long as what is under way', async () => {
  const folder = temporaryFolder()
  const { supervisor, stop } = await served(folder, { graceMs: Number.POSITIVE_INFINITY })
  const service = await supervisor.start(lamp, { key: 'hall' })
  await service.send({ type: 'BUSY' })
  const pausing = callControl(folder, { type: 'pause', key: 'hall', deadlineMs: 600_000 })
  await new Promise<void>((resolve) => {
    service.subscribe(({ value }) => value === 'checkpointing' && resolve())
  })
  const stopping = stop()
  // Later than a timer that was taken for none.
  setTimeout(() => void service.resume(), 5)
  expect(await pausing).toMatchObject({ key: 'hall' })
  await stopping
})

test('a reply that does not come in time is no reply', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder, { graceMs: 0 })
  const service = await supervisor.start(lamp, { key: 'hall' })
  await service.send({ type: 'BUSY' })
  const open = callControl(folder, { type: 'pause', key: 'hall', deadlineMs: 600_000 }, { timeoutMs: 20 })
  await expect(open).rejects.toMatchObject({ code: 'CONTROL_TIMEOUT', waitingFor: 'reply' })
})
