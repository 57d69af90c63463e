import { type Browser, chromium } from 'playwright-core'
import { CHROMIUM_FLAGS, chromiumPath } from '../../kit/chromium.js'

/** A headless Chromium of its own. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: CHROMIUM_FLAGS })
}
