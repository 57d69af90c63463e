import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ControlTooLargeError, callControl, InvalidRequestError } from '../../src/control/index.js'
import { temporaryFolder } from '../kit/folder.js'
import { lamp, raw, served } from './kit.js'

// The fault model: whoever may open the socket writes anything to it, hangs up at any time, or says nothing.

test.each([
  ['an empty line', '\n'],
  ['words', 'hello\n'],
  ['half an object', '{"type":"send"\n'],
  ['a number', '7\n'],
  ['an array', '["send"]\n'],
  ['no type', '{"key":"hall"}\n'],
  ['an unknown type', '{"type":"format"}\n'],
  ['a name of Object’s', '{"type":"constructor"}\n'],
  ['a missing field', '{"type":"pause"}\n'],
  ['a wrong field', '{"type":"pause","key":7}\n'],
  ['a field too many', '{"type":"ping","key":"hall"}\n'],
  ['a negative deadline', '{"type":"stop","deadlineMs":-1}\n'],
  ['bytes', Buffer.from([0xff, 0x00, 0xfe, 0x0a])],
  ['a deep object', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}\n`],
])('%s is refused with a typed error', async (_, bytes) => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  await supervisor.start(lamp, { key: 'hall' })
  const before = await supervisor.list()
  expect(JSON.parse(await raw(folder, bytes))).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST' },
  })
  expect(await supervisor.list()).toEqual(before)
  expect(await callControl(folder, { type: 'ping' })).toMatchObject({ services: 1 })
})

test('a request longer than 1 MiB is refused on both sides', async () => {
  const folder = temporaryFolder()
  await served(folder)
  const event = { type: 'NOTE', text: 'x'.repeat(1024 * 1024) }
  const huge = JSON.stringify({ type: 'send', key: 'hall', event })
  for (const bytes of [`${huge}\n`, huge.repeat(3)]) {
    expect(JSON.parse(await raw(folder, bytes))).toMatchObject({ error: { code: 'CONTROL_TOO_LARGE' } })
  }
  const call = callControl(folder, { type: 'send', key: 'hall', event })
  await expect(call).rejects.toBeInstanceOf(ControlTooLargeError)
  expect(await callControl(folder, { type: 'ping' })).toMatchObject({ services: 0 })
})

test('a request just below 1 MiB goes through', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  await supervisor.start(lamp, { key: 'hall' })
  const event = { type: 'NOTE', text: 'ü'.repeat(500_000) }
  expect(await callControl(folder, { type: 'send', key: 'hall', event })).toMatchObject({ phase: 'running' })
})

test('an event that is no data is refused before it is sent', async () => {
  const folder = temporaryFolder()
  await served(folder)
  const call = callControl(folder, { type: 'send', key: 'hall', event: { type: 'N', n: 1n } })
  await expect(call).rejects.toBeInstanceOf(InvalidRequestError)
})

test('hanging up in the middle of a request does nothing', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  await supervisor.start(lamp, { key: 'hall' })
  expect(await raw(folder, '{"type":"rm","key":"hall"}')).toBe('')
  expect(await raw(folder, '')).toBe('')
  expect(await supervisor.list()).toHaveLength(1)
})

test('one connection carries one request', async () => {
  const folder = temporaryFolder()
  await served(folder)
  const replies = await raw(folder, '{"type":"ping"}\n{"type":"ping"}\n')
  expect(replies.trim().split('\n')).toHaveLength(1)
})

test('whoever says nothing does not keep the owner from stopping', async () => {
  const folder = temporaryFolder()
  const { stop } = await served(folder, { graceMs: 600_000 })
  const silent = connect(join(folder, 'control.sock'))
  await new Promise((resolve) => silent.once('connect', resolve))
  // Answered after the silent one was accepted.
  await callControl(folder, { type: 'ping' })
  const hungUp = new Promise((resolve) => silent.once('close', resolve))
  silent.on('error', () => {}).resume()
  await stop()
  await hungUp
})
