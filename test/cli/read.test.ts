import { cpSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoredFiles } from '../inspect/server/restored-files-kit.js'
import { restoredInOneLife } from '../inspect/server/restored-kit.js'
import { twiceOwned } from '../inspect/server/unreadable-kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliError, cliIn, cliJson, disown, fixture, owner } from './kit.js'
import { write, writeFiles } from './records.js'

test('ls lists more than 10,000 services, in one table and as JSON', async () => {
  const store = temporaryFolder()
  const keys = Array.from({ length: 10_500 }, (_, index) => `lamp-${String(index).padStart(5, '0')}`)
  await write(
    store,
    keys.map((key) => ({ key })),
  )
  const { code, out } = await cli(store, 'ls')
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(10_500 + 3)
  expect(lines[0]).toMatch(/^KEY +SERVICE +PHASE +STATE +SEQUENCE +SAVED +NEXT TIMER +SIZE$/)
  expect(lines[1]).toMatch(/^lamp-00000 +lamp +running +off +1 +\d+ d ago +– +\d+$/)
  expect(new Set(lines.slice(1, 10_501).map((line) => line.length)).size).toBe(1)
  expect(lines.at(-2)).toBe(`10500 services in ${store}.`)
  const listed = await cliJson(store, 'ls')
  expect((listed.services as { key: string }[]).map(({ key }) => key)).toEqual(keys)
})

test('a store of plain files is found and read too', async () => {
  const store = temporaryFolder()
  await writeFiles(store, [{ key: 'a' }, { key: 'b', phase: 'paused' }])
  expect(await cliJson(store, 'ls')).toMatchObject({
    services: [{ key: 'a' }, { key: 'b', phase: 'paused' }],
  })
  expect(await cliJson(store, 'show', 'b')).toMatchObject({ record: { key: 'b' } })
})

test('the store is taken from TARDIGRADE_STORE, and named when there is none', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'a' }])
  expect((await cli(join(store, 'none'), 'ls')).code).toBe(4)
  expect(readdirSync(store)).not.toContain('none')
  const { out } = await cliIn({ TARDIGRADE_STORE: store }, '', 'ls')
  expect(out).toContain(store)
})

test('advice is called through npx where the command was', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'a' }])
  const { err } = await cliIn({ TARDIGRADE_STORE: store, npm_lifecycle_event: 'npx' }, '', 'show')
  expect(err).toContain('`npx tardigrade show --help`')
})

test('show tells all of a checkpoint', async () => {
  const store = temporaryFolder()
  const dueAtMs = Date.now() + 3_600_000
  const timer = { source: [], target: ['child'], id: 't', event: { type: 'RING' }, delayMs: 5, dueAtMs }
  const child = {
    id: 'copy',
    src: 'transfer',
    snapshot: { status: 'active', input: { total: 10 }, progress: 3, steps: [] },
    children: [],
  }
  await write(store, [
    {
      key: 'hall',
      phase: 'paused',
      context: { at: '1970-01-01T00:00:00.000Z', again: null },
      extra: {
        holds: ['user'],
        root: {
          id: '',
          src: '',
          snapshot: { status: 'active', value: { up: 'on' }, context: { a: { b: 1 }, c: null } },
          children: [child],
        },
        timers: [
          { ...timer, remainingMs: 5, policy: 'deadline' },
          { ...timer, id: 'still', dueAtMs: 0, remainingMs: 7000, policy: 'remaining' },
        ],
        inbox: [{ event: { type: 'PRESS', atMs: 1 }, key: 'e1', atMs: 1 }],
        outbox: [{ key: 'lamp/hall/1/0', kind: 'action', actor: [], type: 'ring', event: { type: 'GO' } }],
        failure: { name: 'MachineFailedError', message: 'it burst', atMs: 0 },
      },
      meta: { referentialEqualities: { 'root.snapshot.context.a': ['root.snapshot.context.c'] }, v: 1 },
    },
  ])
  const { out, code } = await cli(store, 'show', 'hall')
  expect(code).toBe(0)
  for (const text of [
    'paused',
    'up.on',
    'user',
    'it burst',
    'RING to child: in 59 min',
    '(deadline)',
    'RING to child: 7 s after it goes on (remaining)',
    '"PRESS"',
  ]) {
    expect(out).toContain(text)
  }
  for (const text of ['with key e1', 'action ring, key lamp/hall/1/0', 'copy (transfer)', '3 of 10']) {
    expect(out).toContain(text)
  }
  expect(out).toContain('{"a":{"b":1},"c":{"b":1}}')
})

test.each([
  ['cut short', 'tardigrade/1 00000000\n{"json":', 'DAMAGED_CHECKPOINT'],
  ['no checkpoint', 'hello', 'DAMAGED_CHECKPOINT'],
  ['of a newer format', 'tardigrade/9 00000000\n', 'NEWER_CHECKPOINT'],
])('a checkpoint that is %s: show says so and changes nothing', async (_, text, name) => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall', text }])
  const { code, error } = await cliError(store, 'show', 'hall')
  expect(code).toBe(1)
  expect(error).toMatchObject({ code: name, service: 'lamp', key: 'hall' })
  expect(await cliJson(store, 'history', 'hall')).toMatchObject({ checkpoints: [{ damage: { code: name } }] })
})

test('ls shows each machine’s state, and damage where it cannot be read', async () => {
  for (const fill of [write, writeFiles]) {
    const store = temporaryFolder()
    const snapshot = { status: 'active', value: { up: { lamp: 'on' }, down: 'off' }, context: {} }
    await fill(store, [
      { key: 'a', phase: 'paused', value: 'off' },
      { key: 'b', extra: { root: { id: '', src: '', snapshot, children: [] } } },
      { key: 'c', text: 'hello' },
    ])
    const { out, code } = await cli(store, 'ls')
    expect(code).toBe(0)
    const [, a, b, c, hint] = out.split('\n')
    expect(a).toMatch(/^a +lamp +paused +off +1 /)
    expect(b).toMatch(/^b +lamp +running +up\.lamp\.on, down\.off +1 /)
    expect(c).toMatch(/^c +lamp +running +DAMAGED_CHECKPOINT +1 /)
    expect(hint).toBe(
      `1 damaged: \`tardigrade --store ${store} doctor\` says what to do, and \`tardigrade --store ${store} inspect\` shows what is left.`,
    )
    expect(await cliJson(store, 'ls')).toMatchObject({
      services: [
        { key: 'a', phase: 'paused', state: 'off' },
        { key: 'b', phase: 'running', state: snapshot.value },
        { key: 'c', damage: { code: 'DAMAGED_CHECKPOINT' } },
      ],
    })
  }
})

test.each([
  ['(machine)', ''],
  ['lamp', ''],
  ['bulb', ', machine bulb'],
])('show names the machine %j when that says more than the service', async (machine, said) => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall', extra: { machine } }])
  const { out } = await cli(store, 'show', 'hall')
  expect(out).toMatch(new RegExp(`^service +lamp, version 1${said}$`, 'm'))
  expect(await cliJson(store, 'show', 'hall')).toMatchObject({ key: 'hall', phase: 'running', state: 'off' })
})

test('show names an actor’s logic when that says more than its id', async () => {
  const store = temporaryFolder()
  const child = (id: string) => ({ id, src: 'copy', snapshot: { status: 'active' }, children: [] })
  const snapshot = { status: 'active', value: 'off', context: {} }
  const root = { id: '', src: '', snapshot, children: [child('copy'), child('second')] }
  await write(store, [{ key: 'hall', extra: { root } }])
  const { out } = await cli(store, 'show', 'hall')
  expect(out).toContain('  copy  active\n  second (copy)  active\n')
})

test('of a service that rests, ls and show tell of the deadlines that come all the same, and of one that failed that it waits for its retry', async () => {
  const store = temporaryFolder()
  const now = Date.now()
  const timer = (policy: string, awayMs: number) => {
    const of = { source: [], target: [], event: { type: policy }, id: policy, delayMs: 600_000 }
    return { ...of, dueAtMs: now + awayMs, remainingMs: 90_000, policy }
  }
  const hour = 3_600_000
  const timers = [timer('remaining', -5 * hour), timer('deadline', -3 * hour), timer('restart', 5000)]
  const still = [timer('remaining', -hour), timer('restart', 5000)]
  await write(store, [
    { key: 'failed', phase: 'failed', extra: { timers } },
    { key: 'left', wakeAtMs: now - 5 * hour, extra: { timers } },
    { key: 'paused', phase: 'paused', extra: { timers } },
    { key: 'still', phase: 'paused', extra: { timers: still } },
  ])
  const next = async () =>
    (await cli(store, 'ls')).out
      .split('\n')
      .slice(1, 5)
      .map((line) => /ago +(.*?) +\d+$/.exec(line)?.[1])
  // The process of the test has claimed it, and runs.
  expect(await next()).toEqual(['–', 'overdue 5 h', 'overdue 3 h', '–'])
  await disown(store)
  expect(await next()).toEqual(['–', 'overdue 3 h', 'overdue 3 h', '–'])
  expect(await cliJson(store, 'ls')).toMatchObject({
    services: [{}, { deadlineAtMs: now - 3 * hour }, { deadlineAtMs: now - 3 * hour }, { key: 'still' }],
  })
  const { out } = await cli(store, 'show', 'left')
  expect(out).toContain('remaining to the machine: 1 min after it goes on (remaining)')
  expect(out).toContain('deadline to the machine: overdue 3 h, ')
  expect(out).toContain('restart to the machine: 10 min after it goes on (restart)')
  expect((await cli(store, 'show', 'failed')).out).toContain(
    'deadline to the machine: as soon as it is retried',
  )
})

test('history is newest first, as many as are kept', async () => {
  const store = temporaryFolder()
  await write(
    store,
    [1, 2, 3, 4].map((sequence) => ({ key: 'hall', sequence, value: `v${sequence}` })),
  )
  const { out } = await cli(store, 'history', 'hall')
  expect([...out.matchAll(/\bv\d\b/g)].map(([value]) => value)).toEqual(['v4', 'v3', 'v2'])
  expect(await cliJson(store, 'history', 'hall')).toMatchObject({
    checkpoints: [{ sequence: 4, phase: 'running', state: 'v4' }, { sequence: 3 }, { sequence: 2 }],
  })
})

test.each(['nobody', '../hall', 'hall/../hall'])('the key %j is not found', async (key) => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall' }])
  for (const command of ['show', 'history']) {
    const { code, error } = await cliError(store, command, key)
    expect(code).toBe(4)
    expect(error).toMatchObject({ code: 'KEY_NOT_FOUND', key })
  }
})

test('a key that a terminal would obey is shown, not obeyed', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'a\u001b[2Jb\nc' }])
  const { out } = await cli(store, 'ls')
  expect(out).toContain('a\\u001b[2Jb\\u000ac')
  expect(out).not.toContain('\u001b')
})

test('reading leaves the folder as it was', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall' }])
  const look = () => readdirSync(store).map((name) => [name, statSync(join(store, name)).mtimeMs])
  const before = look()
  for (const args of [['ls'], ['show', 'hall'], ['history', 'hall'], ['doctor']]) await cli(store, ...args)
  expect(look()).toEqual(before)
})

test('of a store that is older than what was recorded beside it, each of them warns', async () => {
  const { left, before, log } = await twiceOwned()
  const words = `The store ${left} is older than what was recorded beside it: its last owner has epoch 1, and commits of epoch 2 were recorded. It was restored from an older copy`
  for (const args of [['ls'], ['show', 'hall'], ['history', 'hall']]) {
    const { code, err } = await cli(left, ...args)
    expect([code, err]).toEqual([0, ''])
  }
  rmSync(log)
  writeFileSync(join(left, 'tardigrade.db'), before)
  for (const args of [['ls'], ['show', 'hall'], ['history', 'hall']]) {
    const { code, err } = await cli(left, ...args)
    expect(code).toBe(0)
    expect(err).toContain(`warning: ${words}`)
  }
  const { err } = await cli(left, 'ls', '--json')
  expect(JSON.parse(err).warning.message).toContain(words)
})

test('so each does of one that was restored from a copy of the life of its last owner, whose epoch is the same', async () => {
  const { store } = await restoredInOneLife()
  for (const args of [['ls'], ['show', 'hall'], ['history', 'hall']]) {
    const { code, err } = await cli(store, ...args)
    expect(code).toBe(0)
    expect(err).toMatch(
      /older than what was recorded beside it: it holds checkpoint 2 of hall, and its last owner recorded checkpoint 7\. It was restored/,
    )
  }
  const { code, out } = await cli(store, 'doctor')
  expect([code, out]).toEqual([
    1,
    expect.stringMatching(/attention STORE_OLDER\n.*it holds checkpoint 2 of hall/),
  ])
  const full = `\`npx tardigrade doctor --store ${store}\``
  expect(out).toContain(full)
  expect((await cli(store, 'ls')).err).toContain(full)
  // A process that claims it says so, and is the last to: it knows what it goes on from.
  const next = () => owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  const first = await next()
  expect(first.errors()).toContain('This process has claimed it since')
  first.kill('SIGKILL')
  await first.exit
  expect((await cli(store, 'ls')).err).toBe('')
}, 60_000)

test('so each does of plain files of which those of some services are of an older copy, and names these', async () => {
  const store = await restoredFiles()
  const words =
    /older than what was recorded beside it: it holds checkpoint 2 of attic, and its last owner recorded checkpoint 7; it holds checkpoint 2 of hall, .* the files of those services alone were/
  for (const args of [['ls'], ['show', 'kitchen'], ['history', 'hall']]) {
    const { code, err } = await cli(store, ...args)
    expect(code).toBe(0)
    expect(err).toMatch(words)
    expect(err).not.toContain('of kitchen')
  }
  const { code, out } = await cli(store, 'doctor')
  expect([code, out]).toEqual([
    1,
    expect.stringMatching(/attention STORE_OLDER\n.*it holds checkpoint 2 of attic/),
  ])
})

test('of a copy that was put in the place of a store that its owner has open, each says so', async () => {
  const store = temporaryFolder()
  const process = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  await process.reaches('running')
  const database = join(store, 'tardigrade.db')
  expect((await cli(store, 'ls')).err).toBe('')
  cpSync(database, `${database}.copy`)
  renameSync(`${database}.copy`, database)
  for (const args of [['ls'], ['show', 'hall'], ['history', 'hall']]) {
    const { code, err } = await cli(store, ...args)
    expect([code, err]).toEqual([0, expect.stringMatching(/replaced, and process \d+, .* still exists/)])
  }
  const { code, out } = await cli(store, 'doctor')
  expect([code, out]).toEqual([1, expect.stringMatching(/attention STORE_GONE/)])
  process.kill('SIGKILL')
  await process.exit
  expect((await cli(store, 'ls')).err).not.toContain('still exists')
}, 60_000)
