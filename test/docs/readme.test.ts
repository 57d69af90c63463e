import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

interface Snippet {
  readonly line: number
  readonly code: string
  /** What it should print, where the text block after it says so. */
  readonly prints: string | undefined
}

/** The ```ts blocks of a page, each with the ```text block that follows it. */
function snippets(page: string): Snippet[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap((block, index) => {
    if (block[1] !== 'ts') return []
    const next = blocks[index + 1]
    const prints = next?.[1] === 'text' ? next[2] : undefined
    return [{ line: page.slice(0, block.index).split('\n').length, code: block[2] ?? '', prints }]
  })
}

const found = snippets(readFileSync(join(root, 'README.md'), 'utf8'))

test('the README has snippets to run', () => {
  expect(found.length).toBeGreaterThanOrEqual(3)
})

describe.each(found)('README.md, line $line', ({ line, code, prints }) => {
  // Inside the project, so that `tardigrade` is this package, as it is for its users.
  const folder = join(root, 'dist', 'readme')

  test('has the right types', () => {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `types-${line}.ts`)
    writeFileSync(file, code)
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
    const problems = ts
      .getPreEmitDiagnostics(program)
      .filter((problem) => problem.file?.fileName.includes('readme'))
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })

  test('runs, and prints what it says', () => {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `run-${line}.mjs`)
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    writeFileSync(file, outputText)
    const cwd = mkdtempSync(join(tmpdir(), 'tardigrade-readme-'))
    try {
      const printed = execFileSync(process.execPath, [file], { cwd, encoding: 'utf8' })
      if (prints === undefined) expect(printed).not.toBe('')
      else expect(printed).toBe(prints)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  })
})
