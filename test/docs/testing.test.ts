import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { INTERRUPTION_KINDS } from '../../src/testing/plans/steps.js'
import { describeSnippets, pageOf } from './snippets.js'

const page = pageOf('docs/testing.md')
const folder = describeSnippets('docs/testing.md', 13)

test('its tests pass', () => {
  expect(folder.runTests()).toMatch(/Tests +2 passed/)
  expect(existsSync(join(folder.path, 'report.html'))).toBe(true)
})

test('it names every kind of interruption, every option and every error', () => {
  const table = page.slice(page.indexOf('## The interruptions'), page.indexOf('## Three modes'))
  for (const kind of INTERRUPTION_KINDS) expect(table).toContain(`\`${kind}\``)
  const options = readFileSync(resolve(import.meta.dirname, '../../src/testing/options.ts'), 'utf8')
  const names = [...options.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) expect(page).toMatch(new RegExp(`\\b${name}\\b`))
})
