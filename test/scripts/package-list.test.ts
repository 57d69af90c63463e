import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const own = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))
// A script in plain JavaScript, which no types are written for.
const { unexpectedIn } = (await import(resolve(root, 'scripts/package-list.mjs'))) as {
  unexpectedIn(files: readonly string[], manifest: object): readonly string[]
}

const FILES = ['package.json', 'src/index.ts', 'dist/src/index.js', 'docs/page/list.png']

test('the package as it is has nothing that it is not to have', () => {
  expect(unexpectedIn(FILES, own)).toEqual([])
})

test.each(['.env', 'src/key.pem', 'binding.gyp', 'test/kit/clock.ts'])('the file %s is refused', (file) => {
  expect(unexpectedIn([...FILES, file], own)).toEqual([file])
})

test.each(['dependencies', 'optionalDependencies', 'peerDependencies'])(
  'a package that is installed with it is refused among its %s',
  (kind) => {
    expect(unexpectedIn(FILES, { ...own, [kind]: { ...own[kind], 'left-pad': '1' } })).toEqual(['left-pad'])
  },
)

test('a peer that is optional is not installed, and one that is said not to be is', () => {
  const peer = (optional: boolean) => ({
    ...own,
    peerDependencies: { ...own.peerDependencies, pg: '8' },
    peerDependenciesMeta: { ...own.peerDependenciesMeta, pg: { optional } },
  })
  expect(unexpectedIn(FILES, peer(true))).toEqual([])
  expect(unexpectedIn(FILES, peer(false))).toEqual(['pg'])
})

test.each(['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'])(
  'the script %s is refused',
  (name) => {
    expect(unexpectedIn(FILES, { ...own, scripts: { ...own.scripts, [name]: 'true' } })).toEqual([name])
  },
)
