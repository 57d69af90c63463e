import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../inspect/kit.js'
import { describeSnippets, pageOf, snippets } from './snippets.js'

const page = pageOf('docs/inspecting.md')
const folder = describeSnippets('docs/inspecting.md', 6)

test('the service on your machine runs, on a port that nobody has', async () => {
  const port = `${await freePort()}`
  const snippet = snippets(page, 'ts').find(({ code }) => code.includes('8080'))
  if (snippet === undefined) throw new Error('the page has no snippet')
  const { code, prints, line } = snippet
  const printed = folder.run({ line, file: undefined, prints, code: code.replaceAll('8080', port) })
  expect(printed).toBe(prints?.replaceAll('8080', port))
})

test.each(['../../src/inspect/stately/options.ts', '../../src/ports/inspector.ts'])(
  'it names every way and every option of %s',
  (path) => {
    const source = readFileSync(resolve(import.meta.dirname, path), 'utf8')
    const options = source.slice(Math.max(0, source.indexOf('export interface InspectOptions')))
    const names = [...options.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(6)
    // For tests, as that of the supervisor.
    for (const name of names.filter((name) => name !== 'clock'))
      expect(page).toMatch(new RegExp(`\\b${name}\\b`))
  },
)
