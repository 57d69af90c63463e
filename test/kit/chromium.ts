import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]
/** How a Chromium of the tests is started, besides headless and with a folder of its own. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const REMEDY =
  'The tests of pages need a Chromium: install Chrome or Chromium (on Debian: apt-get install chromium), or set CHROME_PATH to one.'

/** The Chromium that CHROME_PATH names, an installed one, or Debian’s, which root installs. */
export function chromiumPath(): string {
  const path = foundChromium() ?? installedChromium()
  if (path === undefined) throw new Error(REMEDY)
  return path
}

/** The one that CHROME_PATH names, or an installed one. */
export function foundChromium(): string | undefined {
  const named = process.env.CHROME_PATH
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which does not exist. ${REMEDY}`)
    return named
  }
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...APPLICATIONS]
  return paths.find(isExecutable)
}

function installedChromium(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return undefined
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    // Several files of tests may come here at once: one installs, and the others wait for it.
    const install = 'apt-get update -qq && apt-get install -y --no-install-recommends chromium'
    const once = `command -v chromium || { ${install}; }`
    execFileSync('flock', ['/tmp/tardigrade-chromium.lock', 'sh', '-c', once], { stdio: 'ignore', env })
  } catch (cause) {
    throw new Error(`Debian's package chromium could not be installed. ${REMEDY}`, { cause })
  }
  return foundChromium()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
