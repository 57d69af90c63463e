import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mutant, plant } from './mutant.js'

const COPIED = ['src', 'test', 'machines', 'scripts', 'package.json', 'tsconfig.json', 'vitest.config.ts']

/** A throw-away copy of the project, in which one mistake at a time is made. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'tardigrade-mutants-'))

  constructor(root: string) {
    for (const name of COPIED) cpSync(join(root, name), join(this.folder, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
  }

  /** Plants the mutant; the answer takes it out again. @throws {Error} it fits no place, or several */
  plant(mutant: Mutant): () => void {
    const path = join(this.folder, mutant.file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(path, plant(source, mutant))
    return () => writeFileSync(path, source)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
