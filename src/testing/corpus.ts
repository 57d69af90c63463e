import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checksum } from '../checkpoint/checksum.js'
import { ForeignTokenError } from '../errors/testing.js'
import type { ServiceDefinition } from '../service/definition.js'
import { type Plan, planOf, serviceOf, TOKEN_PATTERN } from './plans/token.js'

/** A name that every file system takes. */
function fileName(service: string, token: string): string {
  return `${service.replace(/[^\w-]/g, '_')}-${checksum(token)}.txt`
}

/** What was found before, and is run first. */
export interface Corpus {
  /** @throws {ForeignTokenError} a file has no token, a damaged one, or one of another version of plans */
  plans(): Promise<readonly Plan[]>
  /** Keeps the whole message, of which the token is read back. */
  keep(found: { readonly message: string; readonly token: string | undefined }): Promise<void>
}

/**
 * The plans of a service in a folder, whatever the names of its text files; those of other services are left alone, and so are
 * files that are no text.
 */
export function folderCorpus(folder: string, definition: ServiceDefinition): Corpus {
  const service = definition.id
  return {
    async plans() {
      const texts = await Promise.all((await textFiles(folder)).map((name) => readTokens(folder, name)))
      const plans = new Map<string, Plan>()
      for (const { file, tokens } of texts) {
        for (const token of tokens) {
          const plan = planIn(file, definition, token)
          if (plan !== undefined) plans.set(token, plan)
        }
      }
      return [...plans.values()]
    },
    async keep({ message, token }) {
      // One that could not be written could not be run again either.
      if (token === undefined || !holdsPlan(definition, token)) return
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

interface Text {
  readonly file: string
  readonly tokens: readonly string[]
}

async function readTokens(folder: string, name: string): Promise<Text> {
  const file = join(folder, name)
  const tokens = (await readFile(file, 'utf8')).match(TOKEN_PATTERN)
  // Left out, it would be tried no more, and nobody would know.
  if (tokens === null) throw new ForeignTokenError('is missing', {}, file)
  return { file, tokens }
}

/** The plan of a token in a file; undefined: it is of another service. */
function planIn(file: string, definition: ServiceDefinition, token: string): Plan | undefined {
  const { id: service } = definition
  try {
    const of = serviceOf(service, token)
    return of === undefined || of === service ? planOf(service, token, definition) : undefined
  } catch (error) {
    if (!(error instanceof ForeignTokenError)) throw error
    throw new ForeignTokenError(error.problem, { service, cause: error.cause }, file)
  }
}

function holdsPlan(definition: ServiceDefinition, token: string): boolean {
  try {
    planOf(definition.id, token, definition)
    return true
  } catch {
    return false
  }
}
