import { existsSync } from 'node:fs'
import { findOnPath, installFromDebian } from './install.js'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]
/** In each new window they would load pages for what the address bar can unfold, at a higher cost than the page that is tried. */
const OF_ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']
/** What Playwright has turned off, in a flag of which Chromium takes the last one alone. */
const OF_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
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
  `--disable-features=${[...OF_PLAYWRIGHT, ...OF_ADDRESS_BAR].join()}`,
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
  return findOnPath(NAMES, APPLICATIONS)
}

function installedChromium(): string | undefined {
  try {
    installFromDebian('chromium', 'chromium')
  } catch (cause) {
    throw new Error(REMEDY, { cause })
  }
  return foundChromium()
}
