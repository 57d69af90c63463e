import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** A block of code of a page. */
export interface Snippet {
  readonly line: number
  readonly code: string
  /** What it should print, where the text block after it says so. */
  readonly prints: string | undefined
}

/** A page of the documentation. */
export const pageOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The blocks of a page in a language, each with the ```text block that follows it. */
export function snippets(page: string, language: string): Snippet[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap((block, index) => {
    if (block[1] !== language) return []
    const next = blocks[index + 1]
    const prints = next?.[1] === 'text' ? next[2] : undefined
    return [{ line: page.slice(0, block.index).split('\n').length, code: block[2] ?? '', prints }]
  })
}

/** Every ```ts block of a page has the right types, runs, and prints what the page says. */
export function describeSnippets(path: string, atLeast: number): void {
  const found = snippets(pageOf(path), 'ts')
  // Inside the project, so that `tardigrade` is this package, as it is for its users.
  const folder = join(root, 'dist', 'snippets', path.replaceAll(/\W/g, '-'))

  test(`${path} has snippets to run`, () => {
    expect(found.length).toBeGreaterThanOrEqual(atLeast)
  })

  describe.each(found)(`${path}, line $line`, ({ line, code, prints }) => {
    test('has the right types', () => {
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `types-${line}.ts`)
      writeFileSync(file, code)
      expect(typeProblems(file)).toEqual([])
    })

    test('runs, and prints what it says', () => {
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `run-${line}.mjs`)
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      })
      writeFileSync(file, outputText)
      const cwd = mkdtempSync(join(tmpdir(), 'tardigrade-snippet-'))
      try {
        const printed = execFileSync(process.execPath, [file], { cwd, encoding: 'utf8' })
        if (prints === undefined) expect(printed).not.toBe('')
        else expect(printed).toBe(prints)
      } finally {
        rmSync(cwd, { recursive: true, force: true })
      }
    })
  })
}

function typeProblems(file: string): readonly string[] {
  const configFile = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(configFile.config, ts.sys, root)
  const program = ts.createProgram([file], {
    ...options,
    noEmit: true,
    incremental: false,
    rootDir: root,
    paths: {
      tardigrade: [join(root, 'src/index.ts')],
      'tardigrade/testing': [join(root, 'src/testing/index.ts')],
      'tardigrade/*': [join(root, 'src/*.ts')],
    },
  })
  return ts
    .getPreEmitDiagnostics(program)
    .filter((problem) => problem.file?.fileName === file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
