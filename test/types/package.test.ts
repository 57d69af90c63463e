import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript-5'
import { beforeAll, expect, test } from 'vitest'
import { problemsOf } from '../kit/compile.js'

const root = resolve(import.meta.dirname, '../..')

/** The published entries: their names for users, and their declarations. */
function entries(): ReadonlyMap<string, string> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return new Map(
    Object.entries<string | { readonly types: string }>(manifest.exports).flatMap(([name, target]) =>
      typeof target === 'string' ? [] : [[name.replace('.', 'tardigrade'), join(root, target.types)]],
    ),
  )
}

const TIMEOUT_MS = 120_000

const published = entries()
const names = [...published.keys()]
const folder = join(root, 'dist', 'types')
const consumer = join(folder, 'consumer.ts')
const options = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  types: [],
  paths: Object.fromEntries([...published].map(([name, types]) => [name, [types]])),
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(consumer, names.map((name, index) => `export * as entry${index} from '${name}'\n`).join(''))
})

/** TypeScript 7 takes no types that nobody named: the declarations must stand without those of Node. */
test(
  'the declarations compile where nobody skips them, names types or asks for the newest library',
  () => {
    expect(names).toContain('tardigrade/hosts/node')
    const compilerOptions = { ...options, target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext' }
    expect([...problemsOf(folder, { compilerOptions, files: [consumer] })]).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  'so they do under TypeScript 5.9',
  () => {
    const program = ts.createProgram([consumer], {
      ...options,
      // Its own library alone, which takes longest: the other compiler has looked at that.
      skipDefaultLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    })
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      )
    expect(problems).toEqual([])
  },
  TIMEOUT_MS,
)
