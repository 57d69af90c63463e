import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkTransfer } from '../../machines/transfer/index.js'

/** A folder with a file, names for it, and folders to copy into. */
function places() {
  const root = mkdtempSync(join(tmpdir(), 'tardigrade-check-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const at = (path: string) => join(root, path)
  writeFileSync(at('file'), 'text')
  writeFileSync(at('other'), 'text')
  symlinkSync('file', at('link'))
  symlinkSync('nowhere', at('loose'))
  linkSync(at('file'), at('twin'))
  mkdirSync(at('folder'))
  mkdirSync(at('taken/file'), { recursive: true })
  return at
}

test.each([
  ['file', 'new'],
  ['file', 'other'],
  ['file', 'folder'],
  ['file', 'folder/'],
  ['link', 'new'],
])('from %s to %s can begin', async (from, to) => {
  const at = places()
  expect(await checkTransfer({ from: at(from), to: at(to) })).toBeUndefined()
})

test.each([
  ['missing', 'new', 'source-missing', 'There is no file'],
  ['folder', 'new', 'source-missing', 'is a folder, not a file'],
  ['file', 'missing/new', 'target-missing', 'There is no folder'],
  ['file', 'missing/', 'target-missing', 'There is no folder'],
  ['file', 'other/new', 'target-missing', 'There is no folder'],
  ['file', 'file', 'refused', 'are the same file'],
  ['file', 'twin', 'refused', 'are the same file'],
  ['file', 'link', 'refused', 'are the same file'],
  ['link', 'file', 'refused', 'are the same file'],
  ['file', '', 'refused', 'are the same file'],
  ['file', 'taken', 'refused', 'is a folder'],
  ['file', 'loose', 'target-no-file', 'is a link'],
] as const)('from %s to %j cannot begin: %s', async (from, to, kind, says) => {
  const at = places()
  expect(await checkTransfer({ from: at(from), to: at(to) })).toMatchObject({
    kind,
    message: expect.stringContaining(says),
  })
})

test('an address is asked nothing, and one that is none is told', async () => {
  const at = places()
  expect(await checkTransfer({ from: at('file'), to: 'http://127.0.0.1:1/uploads/' })).toBeUndefined()
  expect(await checkTransfer({ from: at('file'), to: 'http://' })).toMatchObject({
    kind: 'refused',
    message: 'http:// is no address.',
  })
  expect(await checkTransfer({ from: at('file'), to: 'ftp://127.0.0.1/file' })).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('not to ftp:// ones'),
  })
  expect(await checkTransfer({ from: 'https://127.0.0.1/file', to: at('new') })).toEqual({
    kind: 'source-missing',
    message: 'There is no file https://127.0.0.1/file.',
  })
})

test.each([
  ['file', 0o000],
  ['folder', 0o500],
])('a %s that this user may not use is told', async (closed, mode) => {
  const at = places()
  chmodSync(at(closed), mode)
  const problem = await checkTransfer({ from: at('file'), to: at('folder') })
  chmodSync(at(closed), 0o700)
  // Nothing is closed to root.
  expect(problem?.kind).toBe(process.getuid?.() === 0 ? undefined : 'not-permitted')
})
