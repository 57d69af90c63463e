import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

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

/** It checks TypeScript's own library too, which takes its time. */
const TIMEOUT_MS = 120_000

/** TypeScript 7 takes no types that nobody named: the declarations must stand without those of Node. */
test(
  'the declarations compile where nobody skips them, names types or asks for the newest library',
  () => {
    const published = entries()
    const folder = join(root, 'dist', 'types')
    mkdirSync(folder, { recursive: true })
    const consumer = join(folder, 'consumer.ts')
    const names = [...published.keys()]
    writeFileSync(consumer, names.map((name, index) => `export * as entry${index} from '${name}'\n`).join(''))
    const program = ts.createProgram([consumer], {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      paths: Object.fromEntries([...published].map(([name, types]) => [name, [types]])),
    })
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      )
    expect(problems).toEqual([])
    expect(names).toContain('tardigrade/hosts/node')
  },
  TIMEOUT_MS,
)
