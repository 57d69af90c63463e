import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ts from 'typescript-5'
import { describe, expect, test } from 'vitest'

export const root = resolve(import.meta.dirname, '../..')

/** A block of code of a page. */
export interface Snippet {
  readonly line: number
  readonly code: string
  /** Its file, where it begins with a comment that names one. */
  readonly file: string | undefined
  /** What it should print, where the text block after it says so. */
  readonly prints: string | undefined
}

/** A page of the documentation. */
export const pageOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The blocks of a page in a language, each with the ```text block that follows it. */
export function snippets(page: string, language: string): Snippet[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap((block, index) => {
    const [, found, code = ''] = block
    if (found !== language) return []
    const next = blocks[index + 1]
    const prints = next?.[1] === 'text' ? next[2] : undefined
    const [, file] = /^\/\/ ([\w.-]+\.ts)\n/.exec(code) ?? []
    return [{ line: page.slice(0, block.index).split('\n').length, code, file, prints }]
  })
}

/**
 * Every ```ts block of a page runs, and prints what the page says; `types.test.ts` looks at their types. Those that name
 * their file are there for others to import.
 */
export function describeSnippets(path: string, atLeast: number): SnippetFolder {
  const found = snippets(pageOf(path), 'ts')
  const folder = new SnippetFolder(path.replaceAll(/\W/g, '-'))
  for (const snippet of found) {
    if (snippet.file === undefined) continue
    folder.write(snippet)
    // Vitest runs those that are tests as they stand.
    writeFileSync(join(folder.path, snippet.file), snippet.code)
  }

  test(`${path} has snippets to run`, () => {
    expect(found.length).toBeGreaterThanOrEqual(atLeast)
  })

  describe.each(found)(`${path}, line $line`, (snippet) => {
    test.runIf(snippet.file === undefined)(
      'runs, and prints what it says',
      () => {
        const printed = folder.run(snippet)
        if (snippet.prints === undefined) expect(printed).not.toBe('')
        else expect(printed).toBe(snippet.prints)
        // Some start processes, dozens of them: how long that takes beside other tests is no matter here.
      },
      120_000,
    )
  })
  return folder
}

/** A folder for a page's snippets: inside the project, so that `tardigrade` is this package, as it is for its users. */
export class SnippetFolder {
  readonly path: string

  constructor(name: string) {
    this.path = join(root, 'dist', 'docs', name)
    rmSync(this.path, { recursive: true, force: true })
    mkdirSync(this.path, { recursive: true })
  }

  /** Writes a snippet as JavaScript that others may import. */
  write({ line, code, file = `run-${line}.ts` }: Snippet): string {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const path = join(this.path, file.replace(/ts$/, 'js'))
    writeFileSync(path, outputText)
    return path
  }

  /** Runs a snippet in a folder of its own that is gone afterwards. Returns what it prints. */
  run(snippet: Snippet): string {
    const path = this.write(snippet)
    const cwd = mkdtempSync(join(tmpdir(), 'tardigrade-docs-'))
    try {
      // What they make among temporary files goes with it.
      const env = { ...process.env, TMPDIR: cwd }
      return execFileSync(process.execPath, [path], { cwd, encoding: 'utf8', env })
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  }

  /** Runs the snippets that are tests, with that added to the environment. Returns how vitest ends, and what it prints. */
  runTests(more: NodeJS.ProcessEnv = {}): { readonly code: number | null; readonly printed: string } {
    // Its own, or vitest would take the project's; with time for a machine on which everything else runs at once.
    const config = "export default { test: { include: ['*.test.ts'], testTimeout: 30_000 } }"
    writeFileSync(join(this.path, 'vitest.config.mjs'), config)
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const env = { ...process.env, NO_COLOR: '1', VITEST: undefined, ...more }
    const run = [vitest, 'run', '--root', this.path, '--maxWorkers=1', '--reporter=verbose']
    const { status, stdout } = spawnSync(process.execPath, run, { cwd: this.path, encoding: 'utf8', env })
    return { code: status, printed: stdout }
  }
}
