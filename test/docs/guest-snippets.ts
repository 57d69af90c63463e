import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { pageOf, root, snippets } from './snippets.js'

export const page = pageOf('docs/inspecting.md')
/** Inside the project, where XState 5 is, and where XState 4 is. */
export const HERE = join(root, 'dist', 'docs', 'guests')
export const WITH_4 = join(root, 'test', 'xstate-inspect', 'node_modules', '.docs')

/** Writes the example of this name where what it imports is. Returns its path. */
export function written(name: string, folder: string, change: (code: string) => string): string {
  const found = snippets(page, 'js').find(({ code }) => code.startsWith(`// ${name}\n`))
  if (found === undefined) return expect.fail(`the page has no ${name}`)
  const code = change(found.code)
  expect(code).not.toBe(found.code)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), code)
  return join(folder, name)
}
