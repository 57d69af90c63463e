import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { TardigradeError } from '../errors/base.js'
import {
  ModuleFailedError,
  ModuleNotFoundError,
  NoServiceError,
  TypeScriptModuleError,
} from '../errors/cli.js'

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>

/**
 * Imports a module for a command: a path from the working folder, or a package installed there.
 * @throws {ModuleNotFoundError | TypeScriptModuleError | NoServiceError | ModuleFailedError}
 * @throws {DefinitionError} its own call of `defineService` refused
 */
export async function importModule(module: string): Promise<ModuleExports> {
  const address = addressOf(module)
  try {
    return await import(address)
  } catch (cause) {
    // Thrown by this library inside the module: it says what to do by itself.
    if (cause instanceof TardigradeError) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?tsx?$/.test(module)) {
      throw new TypeScriptModuleError(module, { cause })
    }
    if (NO_MODULE.has(code) && mentions(cause, address)) {
      const remedy = 'Give a .js or .mjs file that exports what defineService returns.'
      throw new NoServiceError(module, 'is no JavaScript module', remedy, { cause })
    }
    if (address === module && code === 'ERR_MODULE_NOT_FOUND' && mentions(cause, module)) {
      throw new ModuleNotFoundError(module, process.cwd(), { cause })
    }
    throw new ModuleFailedError(module, { cause })
  }
}

/** A file URL, or the bare name of a package that only `import` can resolve. */
function addressOf(module: string): string {
  const folder = process.cwd()
  const path = resolve(folder, module)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) return pathToFileURL(path).href
  if (/^[./\\]|\.[cm]?[jt]sx?$|^[a-z]:/i.test(module)) throw new ModuleNotFoundError(module, folder)
  try {
    // From the working folder, which need not be where this command is installed.
    return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(module)).href
  } catch {
    return module
  }
}

/** What Node says of texts and pictures, and of JSON: before 22 and since. */
const NO_MODULE: ReadonlySet<unknown> = new Set([
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_IMPORT_ASSERTION_TYPE_MISSING',
  'ERR_IMPORT_ATTRIBUTE_MISSING',
])

/** Whether the error is about this very file or name, not about one that it imports. */
function mentions(cause: unknown, address: string): boolean {
  if (!(cause instanceof Error)) return false
  const names = address.startsWith('file:') ? [address, fileURLToPath(address)] : [`'${address}'`]
  return names.some((name) => cause.message.includes(name))
}
