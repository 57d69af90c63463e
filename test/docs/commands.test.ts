import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pageOf, root } from './snippets.js'

const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

test('docs/proof.md names what test:proof runs, in its order', () => {
  const [, told = ''] = /`npm run test:proof` has ([\s\S]*?)\n\n/.exec(pageOf('docs/proof.md')) ?? []
  const named = [...told.matchAll(/\(`([^`]+)`\)/g)].map(([, command]) => `npm run ${command}`)
  expect(named.join(' && ')).toBe(scripts['test:proof'])
})

test.each(pages)('every command of this project that %s names is there', (page) => {
  const named = [...pageOf(page).matchAll(/npm run ([a-z][\w:]*)/g)].map(([, name = '']) => name)
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
})
