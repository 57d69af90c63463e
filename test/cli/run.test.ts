import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliError, cliIn, cliJson, disown, fixture, owner } from './kit.js'
import { write } from './records.js'

const LAMP = fixture('lamp.mjs')

test('a service runs to its end, and a second run finds it ended', async () => {
  const store = temporaryFolder()
  const job = [fixture('job.mjs'), '--input', '{"total":3}']
  const first = await cli(store, 'run', ...job)
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toContain('done in finished')
  const second = await cli(store, 'run', ...job, '--json')
  expect(second.code).toBe(0)
  expect(JSON.parse(second.err).note.message).toContain(`\`tardigrade --store ${store} rm job\``)
  expect(
    second.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { type: 'ready', service: 'job', key: 'job', version: 1 },
    { type: 'state', phase: 'done', state: 'finished', holds: [] },
  ])
})

test('an input for a service that the store holds is not used, and that is said', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP, '--input', '{"room":"attic"}')
  first.kill('SIGTERM')
  await first.exit
  expect(first.errors()).toBe('')
  const second = await owner(store, LAMP, '--input', '{"room":"cellar"}')
  await second.reaches('running')
  second.kill('SIGTERM')
  await second.exit
  expect(JSON.parse(second.errors()).note.message).toContain('--input is not used')
  const third = await owner(store, LAMP)
  third.kill('SIGTERM')
  await third.exit
  expect(third.errors()).toBe('')
  // No reader of its own has kept the store from being left as one plain file.
  expect(readdirSync(store).sort()).toEqual(['lock.db', 'tardigrade.db'])
})

test('after kill -9, ls reads and run goes on where it was', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP, '--key', 'hall', '--input', '{"room":"attic"}')
  await cli(store, 'send', 'hall', 'PRESS')
  first.kill('SIGKILL')
  await first.exit
  expect(await cliJson(store, 'ls')).toMatchObject({
    owner: { state: 'gone', pid: first.pid },
    services: [{ key: 'hall', phase: 'running', sequence: 2 }],
  })
  expect((await cli(store, 'ls')).out).toMatch(/^hall +lamp +running \(no process\) +on /m)
  expect((await cli(store, 'show', 'hall')).out).toMatch(/^phase +running \(no process\)$/m)
  expect(await cliJson(store, 'show', 'hall')).toMatchObject({ phase: 'running', owner: { state: 'gone' } })
  expect(readdirSync(store)).toContain('control.sock')
  expect((await cli(store, 'doctor')).out).toContain('left behind by a process that was killed')

  const second = await owner(store, LAMP, '--key', 'hall', '--input', '{"room":"other"}')
  await second.reaches('running', 'on')
  const shown = await cliJson(store, 'show', 'hall')
  expect(shown).toMatchObject({ record: { root: { snapshot: { context: { presses: 1, room: 'attic' } } } } })
  second.kill('SIGTERM')
  expect(await second.exit).toBe(143)
  expect(readdirSync(store)).not.toContain('control.sock')
})

test('Ctrl+C brings it to rest, and it goes on with the next run', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP)
  first.kill('SIGINT')
  await first.reaches('paused')
  expect(await first.exit).toBe(130)
  const second = await owner(store, LAMP)
  await second.reaches('running', 'off')
})

test('a store that another process owns is refused, and names it', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP)
  const { code, error } = await cliError(store, 'run', LAMP)
  expect(code).toBe(3)
  expect(error).toMatchObject({ code: 'STORE_LOCKED' })
  expect(error.message).toContain(String(first.pid))
  // The one that was refused has left the owner's socket alone.
  expect(await cliJson(store, 'send', 'lamp', 'PRESS')).toMatchObject({ phase: 'running', state: 'on' })
})

test('a service that fails ends run with 1, and says why', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP)
  await cli(store, 'send', 'lamp', 'BREAK')
  expect(await first.exit).toBe(1)

  const again = await cli(store, 'run', LAMP)
  expect(again.code).toBe(1)
  expect(again.err).toMatch(/^error: lamp "lamp": .*the bulb burst/)
  expect(again.err).not.toContain('    at ')
  // The remedy once, and not the one of the failure itself as well.
  expect(again.err.match(/retry/gi)).toHaveLength(2)
  expect(again.err).toContain(`\`tardigrade --store ${store} run MODULE --key lamp --retry\``)
  // The owed action throws again.
  expect((await cli(store, 'run', LAMP, '--retry')).code).toBe(1)
})

test.each(['running', 'paused'])('another process deletes the %s service: run says so', async (phase) => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP)
  if (phase === 'paused') await cli(store, 'pause', 'lamp')
  expect((await cli(store, 'rm', 'lamp', '--yes')).code).toBe(0)
  expect(await running.exit).toBe(6)
  expect(JSON.parse(running.errors()).error).toMatchObject({
    code: 'SERVICE_DELETED',
    key: 'lamp',
    message: expect.stringContaining('deleted by another process'),
  })
})

test('a damaged checkpoint: doctor says what to do, and that goes on from the last good one', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP)
  expect(await cliJson(store, 'send', 'lamp', 'PRESS')).toMatchObject({ state: 'on' })
  first.kill('SIGTERM')
  await first.exit
  const [newest] = (await cliJson(store, 'ls')).services as { readonly sequence: number }[]
  await write(store, [{ key: 'lamp', sequence: (newest?.sequence ?? 0) + 1, phase: 'paused', text: 'hello' }])
  await disown(store)

  const refused = await cliError(store, 'run', LAMP)
  expect(refused).toMatchObject({
    code: 1,
    error: { code: 'DAMAGED_CHECKPOINT', service: 'lamp', key: 'lamp' },
  })
  const { findings } = await cliJson(store, 'doctor')
  expect(findings).toMatchObject([
    { code: 'DAMAGED_CHECKPOINT', remedy: expect.stringContaining('--key lamp --retry --last-good') },
  ])
  const second = await owner(store, LAMP, '--key', 'lamp', '--retry', '--last-good')
  await second.reaches('running', 'on')
  second.kill('SIGTERM')
  await second.exit
  const after = await cli(store, 'doctor')
  expect(after.code).toBe(0)
  expect(after.out).toContain('QUARANTINED lamp')
})

test('a key that looks like a path stays a key', async () => {
  const store = join(temporaryFolder(), 'store')
  const key = '../../escaped'
  const running = await owner(store, LAMP, '--key', key)
  expect(await cliJson(store, 'send', key, 'PRESS')).toMatchObject({ key, state: 'on' })
  running.kill('SIGTERM')
  await running.exit
  expect(readdirSync(dirname(store))).toEqual(['store'])
  expect(await cliJson(store, 'show', key)).toMatchObject({ record: { key } })
})

test('an input that is no JSON is refused with its position, and nothing is stored', async () => {
  const store = temporaryFolder()
  const { code, error } = await cliError(store, 'run', LAMP, '--input', '{"a":}')
  expect(code).toBe(2)
  expect(error).toMatchObject({ code: 'INVALID_JSON' })
  expect(error.message).toContain('at position 5.')
  expect(readdirSync(store)).toEqual([])
})

test.each([
  ['no-service.mjs', [], 2, 'NO_SERVICE', 'helper (a function), plain (a machine)'],
  ['several.mjs', [], 2, 'NO_SERVICE', 'one, two'],
  ['several.mjs', ['--export', 'three'], 2, 'NO_SERVICE', 'one (a service), two (a service). Choose one'],
  ['throws.mjs', [], 2, 'MODULE_FAILED', 'the fuse is out'],
  ['refused.mjs', [], 2, 'DEFINITION', 'Name it in setup({ actors })'],
  ['missing.mjs', [], 4, 'MODULE_NOT_FOUND', 'missing.mjs'],
  ['../../../package.json', [], 2, 'NO_SERVICE', 'no JavaScript module'],
  ['../../../README.md', [], 2, 'NO_SERVICE', 'no JavaScript module'],
  ['.', [], 4, 'MODULE_NOT_FOUND', 'Give the path of a .js or .mjs file'],
] as const)('%s %j is refused and nothing is stored', async (module, options, exit, name, says) => {
  const store = temporaryFolder()
  const { code, error } = await cliError(store, 'run', fixture(module), ...options)
  expect(code).toBe(exit)
  expect(error.code).toBe(name)
  expect(error.message).toContain(says)
  expect(readdirSync(store)).toEqual([])
})

test('a package that is not installed is no module', async () => {
  const { code, error } = await cliError(temporaryFolder(), 'run', 'no-such-package-here')
  expect(code).toBe(4)
  expect(error.code).toBe('MODULE_NOT_FOUND')
})

test('one of several services is chosen by name', async () => {
  const running = await owner(temporaryFolder(), fixture('several.mjs'), '--export', 'two')
  await running.reaches('running', 'here')
})

test('of a module with two versions of one service the chosen one runs', async () => {
  const store = temporaryFolder()
  const first = await owner(store, fixture('versions.mjs'), '--export', 'before')
  await first.reaches('running', 'here')
  first.kill('SIGTERM')
  await first.exit
  const second = await owner(store, fixture('versions.mjs'))
  await second.reaches('running', 'there')
})

test('TypeScript runs where Node runs it, and is refused with a remedy elsewhere', async () => {
  const store = temporaryFolder()
  const { code, err } = await cli(store, 'run', fixture('typed.ts'), '--json')
  const strips = Boolean((process.features as { typescript?: unknown }).typescript)
  if (strips) expect(code).toBe(0)
  else {
    expect(code).toBe(2)
    expect(JSON.parse(err).error).toMatchObject({ code: 'TYPESCRIPT_MODULE' })
  }
})

test('a module that throws shows where with DEBUG, and not without', async () => {
  const store = temporaryFolder()
  expect((await cli(store, 'run', fixture('throws.mjs'))).err).not.toContain('throws.mjs:1')
  const { err } = await cliIn({ DEBUG: 'tardigrade' }, store, 'run', fixture('throws.mjs'))
  expect(err).toContain('throws.mjs:1')
})

test('a plain file in the store’s place is refused', async () => {
  const store = join(temporaryFolder(), 'file')
  writeFileSync(store, '')
  const { code, error } = await cliError(store, 'run', LAMP)
  expect(code).toBe(1)
  expect(error.code).toBe('STORE_NOT_WRITABLE')
})
