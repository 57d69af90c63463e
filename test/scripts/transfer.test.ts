import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
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
