import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const SETUP = resolve(import.meta.dirname, '../../scripts/setup.mjs')
/** XState 4 and its inspector. */
const FOR_TESTS = 'test/xstate-inspect'

/** Where a clone has npm called that is built, and in which nothing is installed. */
function installs(query: string): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'tardigrade-setup-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode })
  }
  for (const path of ['package-lock.json', `${FOR_TESTS}/package-lock.json`, 'dist/src/cli/main.js'])
    write(path, '')
  write('called', '')
  write('bin/npm', `#!/bin/sh\npwd -P >> "${root}/called"\n`, 0o755)
  mkdirSync(join(root, 'scripts'))
  copyFileSync(SETUP, join(root, 'scripts/setup.mjs'))
  for (const path of ['dist/.built', 'dist/.visualizer']) write(path, '')
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `await import('./scripts/setup.mjs${query}')`],
    {
      cwd: root,
      env: { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}` },
      stdio: 'pipe',
    },
  )
  const called = readFileSync(join(root, 'called'), 'utf8').trim().split('\n')
  return called.map((path) => path.slice(path.indexOf('tardigrade-setup-')).split('/').slice(1).join('/'))
}

test('what starts the main job installs nothing that tests alone need', () => {
  expect(installs('')).toEqual(['', FOR_TESTS])
  expect(installs('?start')).toEqual([''])
})
