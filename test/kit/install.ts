import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Installs a package of Debian's where root may, so that this command is there; nothing elsewhere. Several files of tests may come here
 * at once: one installs, and the others wait for it.
 * @throws {Error} it could not be installed
 */
export function installFromDebian(packageName: string, command: string): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  // Debian starts what it installs, but not on runlevel 1.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const install = `apt-get update -qq && apt-get install -y --no-install-recommends ${packageName}`
  const once = `command -v ${command} || { ${install}; }`
  try {
    execFileSync('flock', ['/tmp/tardigrade-install.lock', 'sh', '-c', once], { stdio: 'ignore', env })
  } catch (cause) {
    throw new Error(`Debian's package ${packageName} could not be installed.`, { cause })
  }
}

/** The first of these commands that is on the PATH, or of the other paths, which can be run. */
export function findOnPath(names: readonly string[], others: readonly string[] = []): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...others].find(
    isExecutable,
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
