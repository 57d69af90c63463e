import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { bringUpToDate } from '../kit/built.js'
import { pageOf, root, type Snippet, snippets } from './snippets.js'

/** A snippet of a page, and the file that holds it: those of one page may import one another. */
interface Typed extends Snippet {
  readonly page: string
  readonly path: string
}

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
const folder = join(root, 'dist', 'docs', 'types')
const all = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    snippets(pageOf(page), 'ts').map((snippet): Typed => {
      const name = snippet.file ?? `types-${snippet.line}.ts`
      return { ...snippet, page, path: join(folder, page.replaceAll(/\W/g, '-'), name) }
    }),
  )

/** It may build first. */
const LIMIT_MS = 180_000

let program: ts.Program

/** One program for all pages, inside the project: the library and Node's declarations are read once. */
beforeAll(() => {
  bringUpToDate()
  rmSync(folder, { recursive: true, force: true })
  for (const { path, code } of all) {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, code)
  }
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root)
  // Without its paths and where it builds to, so that `tardigrade` is this package, as it is for its users.
  const { paths, rootDir, outDir, ...options } = parsed.options
  program = ts.createProgram(
    all.map(({ path }) => path),
    { ...options, noEmit: true, incremental: false },
  )
}, LIMIT_MS)

test('the pages have snippets', () => {
  expect(new Set(all.map(({ page }) => page)).size).toBeGreaterThanOrEqual(5)
})

describe.each(all)('$page, line $line', ({ path }) => {
  test(
    'has the right types',
    () => {
      const file = program.getSourceFile(path)
      expect(file).toBeDefined()
      const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual(
        [],
      )
    },
    LIMIT_MS,
  )
})
