import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { cliJson, owner, temporaryFolder } from '../cli/kit.js'

const root = resolve(import.meta.dirname, '../..')

interface Snippet {
  readonly line: number
  readonly code: string
  /** What it should print, where the text block after it says so. */
  readonly prints: string | undefined
}

/** The blocks of a page in a language, each with the ```text block that follows it. */
function snippets(page: string, language: string): Snippet[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap((block, index) => {
    if (block[1] !== language) return []
    const next = blocks[index + 1]
    const prints = next?.[1] === 'text' ? next[2] : undefined
    return [{ line: page.slice(0, block.index).split('\n').length, code: block[2] ?? '', prints }]
  })
}

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const found = snippets(readme, 'ts')

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

test('the module for the command line does what the README’s commands say', async () => {
  // Inside the project, as above.
  const folder = join(root, 'dist', 'readme')
  mkdirSync(folder, { recursive: true })
  const [module] = snippets(readme, 'js')
  const path = join(folder, 'lamp.mjs')
  writeFileSync(path, module?.code ?? '')
  const commands = readme.match(/^npx tardigrade .+$/gm)?.map((line) => line.replace(/ +#.*/, '')) ?? []
  expect(commands).toContain('npx tardigrade run ./lamp.mjs --key hall')
  expect(commands).toContain('npx tardigrade send hall PRESS --event-key request-17')
  const store = temporaryFolder()
  const running = await owner(store, path, '--key', 'hall')
  const sent = await cliJson(store, 'send', 'hall', 'PRESS', '--event-key', 'request-17')
  expect(sent).toMatchObject({ outcome: 'applied', state: 'on' })
  running.kill('SIGINT')
  expect(await running.exit).toBe(130)
})
