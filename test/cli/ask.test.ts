import { expect, test } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliError, cliIn, cliJson, disown, fixture, owner } from './kit.js'
import { write } from './records.js'

const LAMP = fixture('lamp.mjs')

test('send, pause and resume reach the owner', async () => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP)
  const on = { key: 'lamp', service: 'lamp', phase: 'running', state: 'on', holds: [] }
  expect(await cliJson(store, 'send', 'lamp', '{"type":"PRESS"}')).toEqual({ ...on, outcome: 'applied' })
  expect(await cli(store, 'pause', 'lamp')).toEqual({
    code: 0,
    out: 'lamp lamp: paused in on, held by user\n',
    err: '',
  })
  await running.reaches('paused')
  // Beside an owner the others read.
  expect(await cliJson(store, 'ls')).toMatchObject({
    owner: { state: 'alive', pid: running.pid, answers: true },
    services: [{ phase: 'paused', state: 'on' }],
  })
  expect(await cliJson(store, 'pause', 'lamp', '--hold', 'holiday', '--deadline', '50')).toMatchObject({
    holds: ['user', 'holiday'],
  })
  expect(await cliJson(store, 'resume', 'lamp', '--hold', 'holiday')).toMatchObject({ phase: 'paused' })
  expect(await cliJson(store, 'resume', 'lamp')).toEqual({ ...on, changed: true })
  await cli(store, 'send', 'lamp', 'UNSCREW')
  expect(await running.exit).toBe(0)
})

test('send says what came of the event', async () => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP)
  const tell = async (...args: string[]) => (await cli(store, 'send', 'lamp', ...args)).out.split('\n')
  expect(await tell('PRESS', '--event-key', 'e1')).toEqual([
    'PRESS: applied.',
    'lamp lamp: running in on',
    '',
  ])
  const seen = 'PRESS: seen before, not applied again.'
  expect(await tell('PRESS', '--event-key', 'e1')).toEqual([seen, 'lamp lamp: running in on', ''])
  const before = (await cliJson(store, 'show', 'lamp')).record
  expect((await tell('FLY'))[0]).toBe('FLY: ignored. No transition takes it in this state; nothing changed.')
  const after = (await cliJson(store, 'show', 'lamp')).record
  expect(after).toMatchObject({ root: (before as { readonly root: unknown }).root })
  await cli(store, 'pause', 'lamp')
  expect((await tell('PRESS', '--event-key', 'e2'))[0]).toContain('PRESS: kept in the durable inbox')
  for (const [key, outcome] of [
    ['e2', 'seen'],
    ['e3', 'kept'],
  ] as const) {
    const sent = await cliJson(store, 'send', 'lamp', 'PRESS', '--event-key', key)
    expect(sent).toMatchObject({ outcome, phase: 'paused', state: 'on', holds: ['user'] })
  }
  running.kill('SIGKILL')
  await running.exit
  // The checkpoint remembers the key, though nobody has the store open.
  expect(await cli(store, 'send', 'lamp', 'PRESS', '--event-key', 'e3')).toMatchObject({
    code: 0,
    out: `${seen}\nlamp lamp: paused in on, held by user\n`,
  })
  expect((await cliError(store, 'send', 'lamp', 'PRESS', '--event-key', 'e4')).code).toBe(5)
})

test.each([
  ['BREAK', 'EFFECT_FAILED', 'the bulb burst'],
  ['SHATTER', 'MACHINE_FAILED', 'the glass burst'],
])('%s fails the service: send exits with 1, the error and its remedy', async (event, code, says) => {
  for (const asked of ['--json', '--no-color']) {
    const store = temporaryFolder()
    const running = await owner(store, LAMP)
    const sent = await cli(store, 'send', 'lamp', event, asked)
    expect(sent.code).toBe(1)
    expect(sent.err).toContain(says)
    expect(sent.err).toContain(`\`tardigrade --store ${store} run MODULE --key lamp --retry\``)
    if (asked === '--json') expect(JSON.parse(sent.err).error).toMatchObject({ code, key: 'lamp' })
    // The effect's event was applied before; the other one was not.
    expect(sent.out === '').toBe(code === 'MACHINE_FAILED')
    expect(await running.exit).toBe(1)
    const refused = await cliError(store, 'send', 'lamp', 'PRESS')
    expect(refused).toMatchObject({ code: 5, error: { remedy: expect.stringContaining('--retry') } })
  }
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
    expect(error.message).toContain(`\`tardigrade --store ${store} run MODULE --key 'the hall'\``)
  }
  const { error } = await cliError(store, 'retry', 'the hall', '--last-good')
  expect(error.message).toContain('--retry --last-good')
  expect((await cliError(store, 'send', 'nobody', 'PRESS')).code).toBe(4)
  // Where the store was not named, neither is it in the advice.
  const unnamed = await cliIn({ TARDIGRADE_STORE: store }, '', 'send', 'the hall', 'PRESS')
  expect(unnamed.err).toContain(`\`tardigrade run MODULE --key 'the hall'\``)
})

test('an event to a service that is done says so, though nobody has the store open', async () => {
  const store = temporaryFolder()
  await cli(store, 'run', fixture('job.mjs'), '--input', '{"total":1}')
  const { code, error } = await cliError(store, 'send', 'job', 'GO')
  expect(code).toBe(1)
  expect(error).toMatchObject({
    code: 'SERVICE_ENDED',
    key: 'job',
    remedy: expect.stringContaining('rm job'),
  })
})

test('a service that is done has nothing to pause, resume or retry, with an owner and without', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP)
  await cli(store, 'send', 'lamp', 'UNSCREW')
  await first.exit
  const refusals = async () => {
    for (const request of ['pause', 'resume', 'retry']) {
      const { code, error } = await cliError(store, request, 'lamp')
      expect(code).toBe(1)
      expect(error).toMatchObject({ code: 'SERVICE_ENDED', service: 'lamp', key: 'lamp' })
      expect(error.message).toContain(`nothing to ${request}`)
      expect(error.remedy).toContain('rm lamp')
    }
  }
  await refusals()
  await owner(store, LAMP, '--key', 'second')
  await refusals()
})

test('what changes nothing says so', async () => {
  const store = temporaryFolder()
  await owner(store, LAMP)
  const tell = async (...args: string[]) => {
    const { code, out, err } = await cli(store, ...args)
    expect(code).toBe(0)
    return `${out}${err}`
  }
  expect(await tell('resume', 'lamp')).toBe(
    'lamp lamp: running in off\nnote: Nothing changed: nothing holds it.\n',
  )
  expect(await tell('retry', 'lamp')).toContain('note: Nothing changed: the service is running')
  expect(await tell('pause', 'lamp')).toBe('lamp lamp: paused in off, held by user\n')
  expect(await tell('pause', 'lamp')).toContain('note: Nothing changed: user holds it already.')
  expect(await tell('resume', 'lamp', '--hold', 'holiday')).toContain(
    'note: Nothing changed: holiday does not',
  )
  expect(await cliJson(store, 'resume', 'lamp', '--hold', 'holiday')).toMatchObject({ changed: false })
  expect(await tell('resume', 'lamp')).toBe('lamp lamp: running in off\n')
})

test('a hold under a platform’s name is set, and it is said that it does not last', async () => {
  const store = temporaryFolder()
  await owner(store, LAMP)
  const { code, out, err } = await cli(store, 'pause', 'lamp', '--hold', 'shutdown')
  expect({ code, out }).toEqual({ code: 0, out: 'lamp lamp: paused in off, held by shutdown\n' })
  expect(err).toBe(
    'note: A hold named shutdown, as platforms name theirs, ends with the process; one of another name lasts.\n',
  )
})

test('`show` and `ls` name the holds that the owner has, and those of the checkpoint where nobody answers', async () => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP)
  const shown = async () => /^holds +(.*)$/m.exec((await cli(store, 'show', 'lamp')).out)?.[1]
  const listed = async () => (await cli(store, 'ls')).out.split('\n').slice(0, 2)
  expect([await shown(), (await listed())[0]]).toEqual(['none', expect.stringMatching(/SIZE$/)])

  for (const hold of ['lunch', 'offline', 'shutdown']) await cli(store, 'pause', 'lamp', '--hold', hold)
  expect(await shown()).toBe('lunch, offline, shutdown')
  const holds = ['lunch', 'offline', 'shutdown']
  expect(await cliJson(store, 'show', 'lamp')).toMatchObject({ holds, record: { holds: ['lunch'] } })
  expect(await cliJson(store, 'ls')).toMatchObject({ services: [{ holds }] })
  expect(await listed()).toEqual([
    expect.stringMatching(/ HELD BY$/),
    expect.stringMatching(/ lunch, offline, shutdown$/),
  ])
  await cli(store, 'resume', 'lamp', '--hold', 'lunch')
  expect(await shown()).toBe('offline, shutdown')

  await cli(store, 'pause', 'lamp', '--hold', 'lunch')
  running.kill('SIGKILL')
  await running.exit
  expect([await shown(), (await listed())[1]]).toEqual(['lunch', expect.stringMatching(/ lunch$/)])
})

test('an empty or endless name is no name', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall' }])
  for (const args of [
    ['send', 'hall', 'PRESS', '--event-key', ''],
    ['send', 'hall', 'PRESS', '--event-key', 'x'.repeat(513)],
    ['pause', 'hall', '--hold', ''],
    ['resume', 'hall', '--hold', 'x'.repeat(513)],
  ]) {
    expect(await cliError(store, ...args)).toMatchObject({ code: 2, error: { code: 'USAGE' } })
  }
})

test('a hold of any name that a program may give is released by it', async () => {
  const store = temporaryFolder()
  await owner(store, LAMP)
  const hold = 'x'.repeat(512)
  expect(await cliJson(store, 'pause', 'lamp', '--hold', hold)).toMatchObject({ holds: [hold] })
  expect(await cliJson(store, 'resume', 'lamp', '--hold', hold)).toMatchObject({ holds: [] })
})

test('the owner is killed while a request is open', async () => {
  const store = temporaryFolder()
  const running = await owner(store, fixture('job.mjs'), '--input', `{"total":1,"file":"${store}/never"}`)
  await running.reaches('running', 'working')
  // Its task reaches no step, so the pause waits for the deadline.
  const open = cliError(store, 'pause', 'job', '--deadline', '600000')
  await running.reaches('checkpointing')
  running.kill('SIGKILL')
  expect(await open).toMatchObject({ code: 5, error: { code: 'OWNER_GONE' } })
})

test('the owner is told to end while a request is open: it answers first', async () => {
  const store = temporaryFolder()
  const running = await owner(store, fixture('job.mjs'), '--input', `{"total":1,"file":"${store}/never"}`)
  await running.reaches('running', 'working')
  const open = cliJson(store, 'pause', 'job', '--deadline', '500')
  await running.reaches('checkpointing')
  running.kill('SIGTERM')
  expect(await open).toMatchObject({ phase: 'paused' })
  expect(await running.exit).toBe(143)
})
