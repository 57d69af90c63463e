import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageOf, root, snippets } from './snippets.js'

/** The files of the application that the documentation shows, by their names. */
export const REACT_APP: ReadonlyMap<string, string> = new Map(
  snippets(pageOf('docs/platforms.md'), 'tsx').map(({ code }) => [
    /^\/\/ ([\w.]+)\n/.exec(code)?.[1] ?? '',
    code,
  ]),
)

/** Writes them, and more, to a folder inside the project, so that `tardigrade` is this package, as it is for its users. */
export function writeReactApp(name: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, 'dist', 'docs', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [file, code] of [...REACT_APP, ...Object.entries(more)]) writeFileSync(join(folder, file), code)
  return folder
}
