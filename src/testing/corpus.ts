import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checksum } from '../checkpoint/checksum.js'
import type { InterruptionBugError } from '../errors/testing.js'
import type { Step } from './plans/steps.js'
import { type Plan, planOf, TOKEN_PATTERN } from './plans/token.js'

/** A name that every file system takes. */
function fileName(service: string, token: string): string {
  return `${service.replace(/[^\w-]/g, '_')}-${checksum(token)}.txt`
}

/** What was found before, and is run first. */
export interface Corpus {
  /** @throws {ForeignTokenError} one is damaged, or of another version of plans */
  plans(): Promise<readonly Plan[]>
  /** Keeps the whole message, of which the token is read back. */
  keep(bug: InterruptionBugError<Step>): Promise<void>
}

/** The plans of a service in a folder, one file each; files of others are left alone. */
export function folderCorpus(folder: string, service: string): Corpus {
  return {
    async plans() {
      const texts = await Promise.all((await textFiles(folder)).map((name) => readToken(folder, name)))
      // A name holds the service and its token.
      return texts
        .filter(({ name, token }) => fileName(service, token) === name)
        .map(({ token }) => planOf(service, token))
    },
    async keep({ message, token }) {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, fileName(service, token)), `${message}\n`)
    },
  }
}

async function textFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort()
  } catch (error) {
    // It is made when there is something to keep.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function readToken(folder: string, name: string): Promise<{ name: string; token: string }> {
  const text = await readFile(join(folder, name), 'utf8')
  return { name, token: text.match(TOKEN_PATTERN)?.[0] ?? '' }
}
