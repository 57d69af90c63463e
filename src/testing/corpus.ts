import { mkdir, mkdtemp, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checksum } from '../checkpoint/checksum.js'
import { isMissing } from '../errors/missing.js'
import { ForeignTokenError, UnusableCorpusError } from '../errors/testing.js'
import type { ServiceDefinition } from '../service/definition.js'
import { type Plan, planOf, serviceOf, TOKEN_PATTERN } from './plans/token.js'

/** A name that every file system takes. */
function fileName(service: string, token: string): string {
  return `${service.replace(/[^\w-]/g, '_')}-${checksum(token)}.txt`
}

/** What was found before, and is run first. */
export interface Corpus {
  /**
   * @throws {ForeignTokenError} a file has no token, a damaged one, or one of another version of plans
   * @throws {UnusableCorpusError} a file cannot be read
   */
  plans(): Promise<readonly Plan[]>
  /**
   * Keeps the whole message, of which the token is read back.
   * @throws {UnusableCorpusError} it could not be written
   */
  keep(found: { readonly message: string; readonly token: string | undefined }): Promise<void>
}

/**
 * The plans of a service in a folder, whatever the names of its text files; those of other services are left alone, and so are
 * files that are no text.
 * @throws {UnusableCorpusError} nothing could be kept there, which is told before anything is looked for
 */
export async function folderCorpus(folder: string, definition: ServiceDefinition): Promise<Corpus> {
  await checkWritable(folder)
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
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, fileName(service, token)), `${message}\n`)
      } catch (cause) {
        throw new UnusableCorpusError(folder, 'written', { cause })
      }
    },
  }
}

/** Tries it where the folder is or will be, since no mode of a file says what a file system takes. */
async function checkWritable(folder: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(await nearest(resolve(folder)), '.tardigrade-')))
  } catch (cause) {
    throw new UnusableCorpusError(folder, 'written', { cause })
  }
}

/** The folder, or the first above it that is there. */
async function nearest(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch (error) {
    if (!isMissing(error) || dirname(folder) === folder) throw error
    return nearest(dirname(folder))
  }
}

async function textFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort()
  } catch (error) {
    // It is made when there is something to keep.
    if (isMissing(error)) return []
    throw new UnusableCorpusError(folder, 'read', { cause: error })
  }
}

interface Text {
  readonly file: string
  readonly tokens: readonly string[]
}

async function readTokens(folder: string, name: string): Promise<Text> {
  const file = join(folder, name)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UnusableCorpusError(file, 'read', { cause })
  })
  const tokens = text.match(TOKEN_PATTERN)
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
