// @long: Babel puts more than 200 files through all that its preset has.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { throughBabel } from './babel.js'

const load = createRequire(import.meta.url)

/** Puts what these entries of this package load through Babel, and names the files and the packages. */
function loadedOf(entries: readonly string[]): { files: Set<string>; packages: string[] } {
  const files = new Set(entries.map((entry) => load.resolve(entry)))
  const packages = new Set<string>()
  // What is added while it goes on comes in its turn.
  for (const file of files) {
    const code = throughBabel(readFileSync(file, 'utf8'), file)
    for (const [, name = ''] of code.matchAll(/require\("([^"]+)"\)/g)) {
      if (name.startsWith('.')) files.add(createRequire(file).resolve(name))
      else if (!name.startsWith('@babel/runtime/')) packages.add(name)
    }
  }
  return { files, packages: [...packages].sort() }
}

test('Babel with the preset of React Native takes every file that an app can have of this library, and those load what a phone has', () => {
  const { files, packages } = loadedOf([
    'tardigrade',
    'tardigrade/react',
    'tardigrade/hosts/manual',
    'tardigrade/hosts/react-native',
    'tardigrade/stores/async-storage',
    'tardigrade/stores/memory',
    'tardigrade/stores/mmkv',
  ])
  expect([...files].some((file) => file.endsWith('/runtime/service.js'))).toBe(true)
  expect(packages).toEqual(['crc-32', 'p-retry', 'react', 'valibot', 'xstate'])
}, 120_000)

test('and it refuses what it does not know', () => {
  expect(() => throughBabel('class A { static { this.a = 1 } }')).toThrow(
    'Static class blocks are not enabled',
  )
})
