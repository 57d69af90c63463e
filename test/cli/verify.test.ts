import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliError, cliJson, fixture } from './kit.js'

const MODULE = fixture('verified.mjs')
const order = [MODULE, '--export', 'order', '--runs', '30']
const bird = [MODULE, '--export', 'bird', '--runs', '300', '--seed', '7']

test('a sound service: what was tried, and the seed; nothing is stored', async () => {
  const store = temporaryFolder()
  const { code, out, err } = await cli(store, 'verify', ...order, '--seed', '7')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /^✓ order: nothing changed, as far as it was tried: \d+ of \d+ cells are empty; .*\norder, version 1: 30 plans, \d+ steps compared, at random\.\n/,
  )
  expect(out).toContain('Seed: 7.')
  expect(readdirSync(store)).toEqual([])
  expect(await cliJson(store, 'verify', ...order, '--seed', '7')).toMatchObject({
    verified: [{ service: 'order', ok: true, seed: 7, runs: 30, kinds: { kill: expect.any(Number) } }],
  })
})

test('an interruption bug: its steps, the token, exit code 1; the token shows it again', async () => {
  const store = temporaryFolder()
  const { code, out, err } = await cli(store, 'verify', ...bird)
  expect({ code, err }).toEqual({ code: 1, err: '' })
  expect(out).toMatch(/^✗ An interruption changed what canary does\.\n {2}1\. /)
  expect(out).toContain('machine.context.n is 1, and 2 without the interruption')
  expect(out).not.toContain('replay(definition')
  const command = /Replay it: npx tardigrade (.+)$/m.exec(out)?.[1]?.split(' ') ?? []
  expect(command).toEqual(['verify', MODULE, '--export', 'bird', '--replay', expect.any(String)])
  expect(out).toMatch(/Look at it: npx tardigrade inspect --counterexample \S+ \S+ --export bird$/m)
  const again = await cli(store, ...command)
  expect(again.code).toBe(1)
  expect(again.out).toContain('machine.context.n is 1, and 2 without the interruption')
  expect(await cliJson(store, 'verify', ...bird)).toMatchObject({
    verified: [{ service: 'canary', ok: false, seed: 7, token: command.at(-1), steps: expect.any(Array) }],
  })
})

test('what the machine breaks by itself: the fewest steps, the token, exit code 1; what preflight warns of, once', async () => {
  const tried = ['verify', fixture('warned.mjs'), '--runs', '50', '--seed', '7']
  const { code, out, err } = await cli('', ...tried)
  expect(code).toBe(1)
  expect(err.match(/“Offline”/g)).toHaveLength(1)
  expect(err).toMatch(/^warning: The service door works, but:\n {2}pauseOn: .*“Offline”/)
  expect(out).toMatch(
    /^✗ The invariant “few knocks” does not hold, though nothing was interrupted, after:\n(?: {2}\d\. send {"type":"KNOCK"}\.?\n){3}Token: /,
  )
  expect(out).toMatch(/\nMend the machine or the invariant; .*\n$/)
  const command = /Replay it: npx tardigrade (.+)$/m.exec(out)?.[1]?.split(' ') ?? []
  const again = await cli('', ...command)
  expect({ ...again, err: '' }).toEqual({ code: 1, out, err: '' })
  // With as many workers as one likes.
  const json = await cli('', ...tried, '--workers', '2', '--json')
  expect(JSON.parse(json.out)).toMatchObject({
    verified: [{ service: 'door', ok: false, token: command.at(-1), error: { code: 'BROKEN_INVARIANT' } }],
  })
})

test('any number of workers tells the same, with the options of the module, for each of its services', async () => {
  const tried = ['verify', MODULE, '--runs', '100', '--seed', '7']
  const [one, two] = [
    await cliJson('', ...tried, '--workers', '1'),
    await cliJson('', ...tried, '--workers', '2'),
  ]
  expect(two).toEqual(one)
  expect(two).toMatchObject({
    verified: [
      { service: 'canary', ok: false },
      { service: 'order', ok: true },
    ],
  })
})

test('a module that only a main thread can load is verified there, unless workers were asked for', async () => {
  const tried = ['verify', fixture('main-thread.mjs'), '--runs', '4000', '--seed', '1']
  const { code, out, err } = await cli('', ...tried)
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('4000 plans') })
  // One processor has no workers to lose.
  if (availableParallelism() > 1)
    expect(err).toMatch(/^note: All is verified in one thread. .*cannot begin: /)
  const asked = await cliError('', ...tried, '--workers', '2')
  expect(asked).toMatchObject({ code: 1, error: { code: 'WORKER_LOST' } })
})

test('every state, every interruption, every next event, with the matrix', async () => {
  const options = ['--export', 'order', '--mode', 'exhaustive']
  const { code, out } = await cli('', 'verify', MODULE, ...options, '--matrix')
  expect(code).toBe(0)
  expect(out).toContain('every state, interruption and next event')
  expect(out).toMatch(/^state +next +.*kill/m)
  expect(await cliJson('', 'verify', MODULE, ...options, '--depth', '1')).toMatchObject({
    verified: [{ mode: 'exhaustive', states: expect.any(Number), cells: expect.any(Array) }],
  })
})

test('a corpus keeps what was found, and is tried first', async () => {
  const corpus = join(temporaryFolder(), 'corpus')
  await cli('', 'verify', ...bird, '--corpus', corpus)
  expect(readdirSync(corpus)).toHaveLength(1)
  const { code, out } = await cli('', 'verify', MODULE, '--export', 'bird', '--runs', '1', '--corpus', corpus)
  expect(code).toBe(1)
  expect(out).toContain('canary')
})

test('without a name all services of the module are tried, and one that fails keeps no other from its turn', async () => {
  const json = await cliJson(temporaryFolder(), 'verify', MODULE, '--runs', '100', '--seed', '7')
  expect(json).toMatchObject({
    verified: [
      { service: 'canary', ok: false },
      { service: 'order', ok: true },
    ],
  })
})

test('one that cannot be verified keeps no other from its turn; the exit code says that there is one', async () => {
  const tried = ['verify', fixture('one-undriven.mjs'), '--runs', '20', '--seed', '7']
  const { code, out, err } = await cli('', ...tried)
  expect({ code, err }).toEqual({ code: 2, err: '' })
  expect(out).toMatch(/^✗ asking: The actor “ask” cannot be verified: .*actors: \{ ask: /)
  expect(out).toContain('✓ idle: nothing changed')
  const json = await cli('', ...tried, '--json')
  expect(json.code).toBe(2)
  expect(JSON.parse(json.out)).toMatchObject({
    verified: [
      { service: 'asking', ok: false, error: { code: 'UNVERIFIABLE', remedy: expect.any(String) } },
      { service: 'idle', ok: true, runs: 20 },
    ],
  })
})

test('a machine whose definition is refused keeps no other from its turn', async () => {
  const tried = ['verify', fixture('one-refused.mjs'), '--runs', '20', '--seed', '7', '--json']
  const { code, out } = await cli('', ...tried)
  expect(code).toBe(2)
  expect(JSON.parse(out)).toMatchObject({
    verified: [
      { service: 'sound', ok: true },
      { service: 'undone', ok: false, error: { code: 'DEFINITION' } },
    ],
  })
  const { error } = await cliError('', ...tried, '--export', 'undone')
  expect(error.code).toBe('DEFINITION')
})

test('its help says which of a module’s exports are tried', async () => {
  const { code, out } = await cli('unused', 'verify', '--help')
  expect(code).toBe(0)
  expect(out).toContain('All services that the module exports are tried')
  expect(out).toContain('Machines beside services are their parts')
})

test('events of a module are for those of its services that take them', async () => {
  const { code, out } = await cli('', 'verify', fixture('events-for-each.mjs'), '--runs', '50', '--seed', '7')
  expect(code).toBe(0)
  expect(out).toContain('✓ order: nothing changed')
  expect(out).toContain('✓ bird: nothing changed')
  expect(out).not.toContain('Never reached')
})

test('machines are verified as the kit takes them, where a module exports no service', async () => {
  const machines = fixture('machines.mjs')
  const { code, out } = await cli('', 'verify', machines, '--runs', '100', '--seed', '7')
  expect(code).toBe(1)
  expect(out).toContain('✓ sound: ')
  expect(out).toContain('✗ An interruption changed what beside does.')
  const token = /--replay (\S+)$/m.exec(out)?.[1] ?? ''
  expect((await cli('', 'verify', machines, '--replay', token)).out).toContain('what beside does')
  const two = await cliJson('', 'verify', machines, '--export', 'sound', '--runs', '20', '--workers', '2')
  expect(two).toMatchObject({ verified: [{ service: 'sound', ok: true, runs: 20 }] })
})

test.each([
  [['undriven.mjs'], 2, 'UNVERIFIABLE', 'actors: { charge: { resolves: … } }'],
  [['verified-wrongly.mjs'], 2, 'USAGE', 'export const verify = {'],
  [['misspelt.mjs'], 2, 'INVALID_OPTION', 'There is no option rnus of the testing kit.'],
  [['no-service.mjs', '--export', 'helper'], 2, 'NO_SERVICE', 'helper (a function)'],
  [['verified.mjs', '--export', 'cat'], 2, 'NO_SERVICE', 'order (a service)'],
  [['verified.mjs', '--runs', '0'], 2, 'USAGE', 'no whole number that fits'],
  [['verified.mjs', '--workers', '0'], 2, 'USAGE', 'no whole number that fits'],
  [
    ['verified.mjs', '--workers', '2', '--isolate', 'process'],
    2,
    'UNVERIFIABLE',
    'Leave out `workers`, or `isolate`.',
  ],
  [['verified.mjs', '--seed', 'soon'], 2, 'USAGE', 'no whole number that fits'],
  [
    ['verified.mjs', '--replay', 'T', '--runs', '10', '--mode', 'exhaustive'],
    2,
    'USAGE',
    'Leave out --runs and --mode.',
  ],
  [
    ['verified.mjs', '--mode', 'exhaustive', '--seed', '4'],
    2,
    'INVALID_OPTION',
    'The option seed is 4, and mode',
  ],
  [
    ['verified.mjs', '--mode', 'exhaustive', '--runs', '4'],
    2,
    'INVALID_OPTION',
    'The option runs is 4, and mode',
  ],
  [['verified.mjs', '--corpus', fixture('verified.mjs')], 2, 'UNUSABLE_CORPUS', 'ENOTDIR'],
  [['verified.mjs', '--mode', 'lucky'], 2, 'USAGE', 'exhaustive'],
  [['verified.mjs', '--mode', 'crashPoints'], 2, 'INVALID_OPTION', 'sequences: [[{ type: … }]]'],
  [['verified.mjs', '--replay', 'tardigrade-plan-0.e30'], 2, 'FOREIGN_TOKEN', 'version 0'],
  [['missing.mjs'], 4, 'MODULE_NOT_FOUND', 'missing.mjs'],
] as const)('verify %j ends with %i, %s', async ([module, ...options], exit, name, says) => {
  const { code, error } = await cliError(temporaryFolder(), 'verify', fixture(module), ...options)
  expect([code, error.code]).toEqual([exit, name])
  expect(error.message).toContain(says)
})

test('the ✓ of a few plans in processes of their own says that they are few', {
  timeout: 120_000,
}, async () => {
  const options = ['--isolate', 'process', '--runs', '2', '--seed', '1']
  const { code, out } = await cli('', 'verify', fixture('lamp.mjs'), ...options)
  expect(out).toContain('nothing changed in 2 plans, which is little')
  expect(code).toBe(0)
})
