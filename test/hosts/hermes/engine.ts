import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { bundle } from '../../browser/kit/site.js'
import { throughBabel } from '../babel.js'
import { programOf } from './program.js'

const root = process.cwd()
const here = resolve(root, 'test/hosts/hermes')

export interface Told {
  readonly file: string
  readonly name: string
  readonly failure?: string
}

/** Runs test files in Hermes, put through Babel as an app of React Native is, and gives what became of each of their tests. */
export async function inHermes(files: readonly string[]): Promise<readonly Told[]> {
  const entry = `import './platform.ts'
    import { runFiles } from './vitest.ts'
    runFiles({ ${files.map((file) => `'${file}': () => import('${resolve(root, file)}')`).join(', ')} })`
  const folder = mkdtempSync(join(tmpdir(), 'hermes-'))
  try {
    const script = join(folder, 'tests.js')
    writeFileSync(
      script,
      `(function () { ${throughBabel(await bundled(entry), 'tests.js', { enableBabelRuntime: false })} })()`,
    )
    const lines = execFileSync(engine(), ['-w', script], { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')
    // What the library itself prints stands between them.
    return lines.filter((line) => line.startsWith('{"file":')).map((line) => JSON.parse(line) as Told)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Hermes itself: the last that was published as a program, of 2022, and older than that of any React Native that this library is for. */
const engine = () => programOf('hermes-engine-cli/package.json', '', 'hermes')

function bundled(code: string): Promise<string> {
  const entry = join(here, 'entry.ts')
  const plugin: Plugin = {
    name: 'hermes',
    enforce: 'pre',
    resolveId: (id) => (id === entry ? id : undefined),
    load: (id) => (id === entry ? code : undefined),
    transform: (code, id) =>
      // What has no effect by the package’s own word is all there is of a test. Its turns are those of a platform, which is no timer’s in React Native.
      /\/(test|src\/testing)\//.test(id)
        ? { code: code.replaceAll('setImmediate(', 'setTimeout('), map: null, moduleSideEffects: true }
        : undefined,
  }
  return bundle(entry, {
    format: 'cjs',
    plugin,
    stand: {
      vitest: join(here, 'vitest.ts'),
      // What it has for browsers is what those have already.
      'abort-controller': resolve(root, 'node_modules/abort-controller/dist/abort-controller.mjs'),
    },
  })
}
