import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson } from '../cli/kit.js'
import { Child } from '../crash/child.js'

/** A folder with a file to copy; gone after the test. */
function workshop(): (path: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'tardigrade-start-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const at = (path: string) => join(root, path)
  writeFileSync(at('file'), 'text')
  symlinkSync('file', at('link'))
  mkdirSync(at('folder'))
  mkdirSync(at('taken/file'), { recursive: true })
  return at
}

/** The main job, to its end. */
async function start(...args: string[]) {
  const child = new Child('scripts/transfer.js', args)
  onTestFinished(() => child.kill('SIGKILL'))
  const { code } = await child.exited
  return { code, out: child.lines, err: child.errors.trimEnd() }
}

test('a file is copied, and nothing is said of chunks', async () => {
  const at = workshop()
  const { code, out, err } = await start('--store', at('store'), at('file'), at('folder'))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(readFileSync(at('folder/file'), 'utf8')).toBe('text')
  expect(out.join('\n')).toMatch(/done {2}100 % {2}0\.0 of 0\.0 MB/)
  expect(out.join('\n')).not.toContain('chunk')
})

test.each([
  ['missing', 'new', 66, 'Give the path of a file as FROM.'],
  ['folder', 'new', 66, 'Give the path of a file as FROM.'],
  ['file', 'missing/new', 73, 'Make it, or give another TO.'],
  ['file', 'file', 64, 'Give another TO.'],
  ['file', 'link', 64, 'Give another TO.'],
  ['link', 'file', 64, 'Give another TO.'],
  ['file', 'taken', 64, 'Give another TO.'],
])('from %s to %s: one line with the remedy, before anything begins', async (from, to, exit, remedy) => {
  const at = workshop()
  const { code, out, err } = await start('--store', at('store'), at(from), at(to))
  expect({ code, out }).toEqual({ code: exit, out: [] })
  expect(err).not.toContain('\n')
  expect(err).toContain(remedy)
  expect(existsSync(at('store'))).toBe(false)
})

test.each(['ftp://host/file', 'FILE:///tmp/file', 's3://bucket/'])(
  '%s is no target, and no folder',
  async (to) => {
    const at = workshop()
    const { code, out, err } = await start('--store', at('store'), at('file'), to)
    expect({ code, out }).toEqual({ code: 64, out: [] })
    expect(err).toContain('http:// and https:// addresses, not to')
    expect(err).not.toContain('\n')
  },
)

test('a server that nobody reaches: it is said how long it tries, and how to end it', async () => {
  const at = workshop()
  const child = new Child('scripts/transfer.js', ['--store', at('store'), at('file'), 'http://127.0.0.1:1/'])
  onTestFinished(() => child.kill('SIGKILL'))
  expect(await child.says('The connection to http://127.0.0.1:1 failed')).toMatch(
    /It tries again in 1 s, later each time, .* never gives up\. Ctrl\+C ends it/,
  )
  expect(await child.says('The connection to http://127.0.0.1:1 failed', 2)).toMatch(
    / It tries again in 2 s\.$/,
  )
  child.kill('SIGINT')
  expect(await child.exited).toMatchObject({ code: 130 })
  expect(child.lines.at(-1)).toBe('Paused before the first chunk. The same command goes on.')
})

test('the tardigrade command reaches the transfer, and nothing is left of its socket', async () => {
  const at = workshop()
  const store = at('store')
  writeFileSync(at('file'), 'x'.repeat(100_000))
  const slow = ['--store', store, '--rate', '1k', '--chunk', '1k', at('file'), at('new')]
  const child = new Child('scripts/transfer.js', slow)
  onTestFinished(() => child.kill('SIGKILL'))
  const said = await child.says('Or ask it from elsewhere: ')
  const key = /copy-\w+/.exec(said)?.[0] ?? ''
  expect(said).toBe(
    `Or ask it from elsewhere: ${['ls', `pause ${key}`, `resume ${key}`].map((ask) => `\`npx tardigrade --store ${store} ${ask}\``).join(', ')}.`,
  )
  expect((await cli(store, 'pause', key, '--hold', 'lunch')).out).toContain('paused in')
  expect(await child.says('Paused ')).toContain(
    `\`npx tardigrade --store ${store} resume ${key} --hold lunch\``,
  )
  child.kill('SIGTERM')
  expect(await child.exited).toMatchObject({ code: 143 })
  expect(child.lines.at(-1)).toContain(
    `The same command waits with it until \`npx tardigrade --store ${store} resume ${key} --hold lunch\`.`,
  )

  const held = new Child('scripts/transfer.js', slow)
  onTestFinished(() => held.kill('SIGKILL'))
  await held.says('Paused ')
  // Nothing but the socket keeps the process now.
  expect((await cli(store, 'resume', key, '--hold', 'lunch')).out).toContain('running in')
  expect(await cliJson(store, 'ls')).toMatchObject({
    owner: { answers: true },
    services: [{ phase: 'running' }],
  })
  held.kill('SIGTERM')
  expect(await held.exited).toMatchObject({ code: 143 })
  expect(existsSync(join(store, 'control.sock'))).toBe(false)

  const again = new Child('scripts/transfer.js', slow)
  onTestFinished(() => again.kill('SIGKILL'))
  await again.says('Or ask it')
  expect((await cli(store, 'rm', key, '--yes')).code).toBe(0)
  expect(await again.exited).toMatchObject({ code: 75 })
  expect(again.lines.at(-1)).toBe('The transfer was deleted by another process.')
})

test.each([
  [[''], 'FROM'],
  [['file'], 'give FROM and TO, or neither'],
  [['', 'to'], 'cannot be empty'],
  [['--rate', 'soon'], 'number of bytes'],
])('the arguments %j are refused', async (args, says) => {
  const { code, err } = await start(...args)
  expect(code).toBe(64)
  expect(err).toContain(says)
})

test('a store that another process has: what works in a clone is named, with the store', async () => {
  const at = workshop()
  const claim = await sqliteStore(at('a store')).claim()
  onTestFinished(() => claim.close())
  const { code, out, err } = await start('--store', at('a store'), at('file'), at('new'))
  expect({ code, out }).toEqual({ code: 75, out: [] })
  expect(err).toContain(`in use by process ${process.pid}`)
  expect(err).toContain(`\`npx tardigrade --store '${at('a store')}' ls\``)
  // Nobody listens there.
  expect(err).not.toContain('send')
  expect(err).not.toContain('\n')
})

test('a damaged checkpoint: the way on is a command that works in a clone', async () => {
  const at = workshop()
  const store = at('store')
  await start('--store', store, at('file'), at('new'))
  const claim = await sqliteStore(store).claim()
  const [newest] = await claim.list()
  if (newest === undefined) throw new Error('nothing was stored')
  const damaged = { ...newest, sequence: newest.sequence + 1, phase: 'running' as const, text: 'hello' }
  await claim.commit([damaged])
  await claim.close()
  const { code, err } = await start('--store', store, at('file'), at('new'))
  expect(code).toBe(70)
  const run = `npx tardigrade --store ${store} run dist/machines/transfer/index.js --key ${newest.key}`
  expect(err).toContain(`\`${run} --retry --last-good\``)
})

test('--help tells the exit codes', async () => {
  const { code, out } = await start('--help')
  expect(code).toBe(0)
  const help = out.join('\n')
  for (const known of [0, 64, 66, 69, 70, 73, 74, 75, 77, 130]) {
    expect(help).toMatch(new RegExp(`^ +${known} +\\w`, 'm'))
  }
})
