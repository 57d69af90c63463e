import { expect, test } from 'vitest'
import { cli, cliError, cliJson, disown, fixture, owner, temporaryFolder } from './kit.js'
import { write } from './records.js'

const LAMP = fixture('lamp.mjs')

test('send, pause and resume reach the owner', async () => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP)
  const on = { key: 'lamp', service: 'lamp', state: 'running', value: 'on', holds: [] }
  expect(await cliJson(store, 'send', 'lamp', '{"type":"PRESS"}', '--event-key', 'e1')).toEqual(on)
  expect(await cliJson(store, 'send', 'lamp', 'PRESS', '--event-key', 'e1')).toEqual(on)
  expect((await cli(store, 'pause', 'lamp')).out).toBe('lamp lamp: paused in on, held by user\n')
  await running.state('paused')
  // Beside an owner the others read.
  expect(await cliJson(store, 'ls')).toMatchObject({
    owner: { state: 'alive', pid: running.pid, answers: true },
    services: [{ phase: 'paused' }],
  })
  expect(await cliJson(store, 'pause', 'lamp', '--hold', 'holiday', '--deadline', '50')).toMatchObject({
    holds: ['user', 'holiday'],
  })
  expect(await cliJson(store, 'resume', 'lamp', '--hold', 'holiday')).toMatchObject({ state: 'paused' })
  expect(await cliJson(store, 'resume', 'lamp')).toEqual(on)
  await cli(store, 'send', 'lamp', 'UNSCREW')
  expect(await running.exit).toBe(0)
})

test('what is refused names the service and leaves it alone', async () => {
  const store = temporaryFolder()
  await owner(store, LAMP)
  const before = (await cliJson(store, 'ls')).services
  for (const [event, code] of [
    ['xstate.stop', 'RESERVED_EVENT'],
    ['{"type":7}', 'INVALID_EVENT'],
    ['{"type"', 'INVALID_JSON'],
  ] as const) {
    expect(await cliError(store, 'send', 'lamp', event)).toMatchObject({ code: 2, error: { code } })
  }
  expect(await cliError(store, 'send', 'nobody', 'GO')).toMatchObject({
    code: 4,
    error: { code: 'UNKNOWN_SERVICE', key: 'nobody' },
  })
  expect((await cliJson(store, 'ls')).services).toEqual(before)
})

test('a service that is done takes no events', async () => {
  const store = temporaryFolder()
  await cli(store, 'run', fixture('job.mjs'), '--input', '{"total":1}')
  await owner(store, LAMP)
  // The owner of the store does not know how to run this one.
  expect(await cliError(store, 'send', 'job', 'GO')).toMatchObject({ code: 4 })
  const other = temporaryFolder()
  const lamp = await owner(other, LAMP)
  await cli(other, 'send', 'lamp', 'UNSCREW')
  await lamp.exit
  await owner(other, LAMP, '--key', 'second')
  const { code, error } = await cliError(other, 'send', 'lamp', 'PRESS')
  expect(code).toBe(1)
  expect(error).toMatchObject({ code: 'SERVICE_ENDED', service: 'lamp', key: 'lamp' })
})

test('without an owner it is said what to start', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'the hall' }])
  await disown(store)
  for (const args of [
    ['send', 'the hall', 'PRESS'],
    ['pause', 'the hall'],
    ['resume', 'the hall'],
  ]) {
    const { code, error } = await cliError(store, ...args)
    expect(code).toBe(5)
    expect(error).toMatchObject({ code: 'OWNER_UNREACHABLE', service: 'lamp', key: 'the hall' })
    expect(error.message).toContain(`tardigrade run MODULE --key 'the hall'`)
  }
  const { error } = await cliError(store, 'retry', 'the hall', '--last-good')
  expect(error.message).toContain('--retry --last-good')
  expect((await cliError(store, 'send', 'nobody', 'PRESS')).code).toBe(4)
})

test('the owner is killed while a request is open', async () => {
  const store = temporaryFolder()
  const running = await owner(store, fixture('job.mjs'), '--input', `{"total":1,"file":"${store}/never"}`)
  await running.state('running', 'working')
  // Its task reaches no step, so the pause waits for the deadline.
  const open = cliError(store, 'pause', 'job', '--deadline', '600000')
  await running.state('checkpointing')
  running.kill('SIGKILL')
  expect(await open).toMatchObject({ code: 5, error: { code: 'OWNER_GONE' } })
})

test('the owner is told to end while a request is open: it answers first', async () => {
  const store = temporaryFolder()
  const running = await owner(store, fixture('job.mjs'), '--input', `{"total":1,"file":"${store}/never"}`)
  await running.state('running', 'working')
  const open = cliJson(store, 'pause', 'job', '--deadline', '500')
  await running.state('checkpointing')
  running.kill('SIGTERM')
  expect(await open).toMatchObject({ state: 'paused' })
  expect(await running.exit).toBe(143)
})
