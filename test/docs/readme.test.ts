import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { cliJson, owner } from '../cli/kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { describeSnippets, pageOf, snippets } from './snippets.js'

describeSnippets('README.md', 3)

test('the module for the command line does what the README’s commands say', async () => {
  const readme = pageOf('README.md')
  // Inside the project, so that `tardigrade` is this package, as it is for its users.
  const folder = join(resolve(import.meta.dirname, '../..'), 'dist', 'snippets', 'commands')
  mkdirSync(folder, { recursive: true })
  const [module] = snippets(readme, 'js')
  const path = join(folder, 'lamp.mjs')
  writeFileSync(path, module?.code ?? '')
  const commands = readme.match(/^npx tardigrade .+$/gm)?.map((line) => line.replace(/ +#.*/, '')) ?? []
  expect(commands).toContain('npx tardigrade run ./lamp.mjs --key hall')
  expect(commands).toContain('npx tardigrade send hall PRESS --event-key request-17')
  const store = temporaryFolder()
  const running = await owner(store, path, '--key', 'hall')
  const sent = await cliJson(store, 'send', 'hall', 'PRESS', '--event-key', 'request-17')
  expect(sent).toMatchObject({ outcome: 'applied', state: 'on' })
  running.kill('SIGINT')
  expect(await running.exit).toBe(130)
})
