import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as testing from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { DRIVER_FORMS } from '../../src/testing/check-drivers.js'
import { AUTHOR_STEPS } from '../../src/testing/plans/step-problem.js'
import { INTERRUPTION_KINDS } from '../../src/testing/plans/steps.js'
import { optionsShown } from './options-shown.js'
import { describeSnippets, pageOf } from './snippets.js'

const page = pageOf('docs/testing.md')
const folder = describeSnippets('docs/testing.md', 19)
const source = resolve(import.meta.dirname, '../../src/testing')

const part = (from: string, to: string) => page.slice(page.indexOf(from), page.indexOf(to))

test('its tests pass', () => {
  const { code, printed } = folder.runTests({ TARDIGRADE_CHAOS: undefined })
  expect(printed).toMatch(/Tests +4 passed/)
  expect(code).toBe(0)
  expect(existsSync(join(folder.path, 'report.html'))).toBe(true)
})

test('with chaos in the environment the one is red that counts beside its checkpoint, and no other', () => {
  const { code, printed } = folder.runTests({ TARDIGRADE_CHAOS: '1' })
  expect(printed).toMatch(/Tests +1 failed \| 3 passed/)
  expect(printed).toMatch(/✓.*counts each OPEN/)
  expect(printed).toMatch(/×.*counts each RING.*\n.*expected 1 to be 3/)
  expect(code).toBe(1)
})

test('it names every kind of interruption', () => {
  const table = part('## The interruptions', '## Three modes')
  for (const kind of INTERRUPTION_KINDS) expect(table).toContain(`\`${kind}\``)
})

test('it shows every option, every driver and every step of an author in an example that runs', () => {
  const options = readFileSync(join(source, 'options.ts'), 'utf8')
  const names = [...options.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(15)
  const forms = Object.entries(DRIVER_FORMS).flatMap(([form, beside]) => [form, ...beside])
  const shown = optionsShown(page)
  expect(names.filter((name) => !shown.names.has(name ?? ''))).toEqual([])
  expect(forms.filter((name) => !shown.inside.has(name))).toEqual([])
  expect(shown.texts).toContain('run')
  // An event that is sent is written without `do`.
  for (const step of AUTHOR_STEPS) if (step !== 'send') expect(shown.texts).toContain(step)
})

test('it names every error', () => {
  const exported = Object.entries(testing)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Error)
    .map(([name]) => name)
  const tags = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(source, file), 'utf8').matchAll(/@throws[^\n]*/g)])
  const thrown = tags.flatMap(([tag]) => tag.match(/\w+Error\b/g) ?? [])
  expect(exported.length).toBeGreaterThan(8)
  expect(thrown).toEqual(expect.arrayContaining(['InvalidOptionError', 'NoServiceError']))
  const table = part('## When it refuses', '## What it cannot see')
  const told = [...table.matchAll(/`(\w+Error)`/g)].map(([, name]) => name)
  expect([...new Set([...exported, ...thrown])].filter((name) => !told.includes(name))).toEqual([])
})
