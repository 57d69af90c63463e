import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bringUpToDate } from '../kit/built.js'
import { problemsOf } from '../kit/compile.js'
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
      const name = snippet.file ?? `types-${snippet.line}.mts`
      return { ...snippet, page, path: join(folder, page.replaceAll(/\W/g, '-'), name) }
    }),
  )

/** It may build first. */
const LIMIT_MS = 180_000

let problems: ReadonlyMap<string, readonly string[]>

/** One program for all pages, inside the project: the library and Node's declarations are read once. */
beforeAll(() => {
  bringUpToDate()
  rmSync(folder, { recursive: true, force: true })
  for (const { path, code } of all) {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, code)
  }
  problems = problemsOf(folder, {
    extends: join(root, 'tsconfig.json'),
    // Without its paths and where it builds to, so that `tardigrade` is this package, as it is for its users.
    compilerOptions: {
      paths: {},
      rootDir: null,
      outDir: null,
      noEmit: true,
      incremental: false,
      tsBuildInfoFile: null,
    },
    files: all.map(({ path }) => path),
    include: [],
    exclude: [],
  })
}, LIMIT_MS)

test('the pages have snippets', () => {
  expect(new Set(all.map(({ page }) => page)).size).toBeGreaterThanOrEqual(5)
})

test('nothing is wrong but what is wrong with one of them', () => {
  const pathsOf = new Set(all.map(({ path }) => path))
  expect([...problems].filter(([path]) => !pathsOf.has(path))).toEqual([])
})

describe.each(all)('$page, line $line', ({ path }) => {
  test('has the right types', () => {
    expect(problems.get(path) ?? []).toEqual([])
  })
})
