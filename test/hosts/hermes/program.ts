import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the packages of Hermes have what runs on a platform. */
const FOLDERS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux64-bin',
  'darwin-x64': 'osx-bin',
  'darwin-arm64': 'osx-bin',
  'win32-x64': 'win64-bin',
}

/** The path of a program of Hermes, in a folder of its package. */
export function programOf(module: string, folder: string, name: string): string {
  const platform = `${process.platform}-${process.arch}`
  const bin = FOLDERS[platform]
  if (bin === undefined) throw new Error(`There is no ${name} of Hermes for ${platform}.`)
  const file = platform.startsWith('win32') ? `${name}.exe` : name
  return join(dirname(createRequire(import.meta.url).resolve(module)), folder, bin, file)
}
