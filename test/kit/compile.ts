import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const COMPILER = join(root, 'node_modules/typescript/bin/tsc')

/** What the compiler finds wrong, by the file it finds it in; what is wrong with no file is that of ''. */
export function problemsOf(folder: string, config: object): ReadonlyMap<string, readonly string[]> {
  const path = join(folder, 'tsconfig.json')
  writeFileSync(path, JSON.stringify(config))
  const { stdout, status, error } = spawnSync(process.execPath, [COMPILER, '-p', path, '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (error !== undefined) throw error
  const problems = new Map<string, string[]>()
  for (const line of stdout.split('\n')) {
    // What belongs to a problem follows it, indented.
    if (line === '' || line.startsWith(' ')) continue
    const [, file = '', problem = line] = /^(.+?)\(\d+,\d+\): (.*)$/.exec(line) ?? []
    const key = file === '' ? '' : resolve(root, file)
    problems.set(key, [...(problems.get(key) ?? []), problem])
  }
  if (status !== 0 && problems.size === 0)
    throw new Error(`the compiler ended with ${status} for ${relative(root, path)}`)
  return problems
}
