import { type Browser, chromium } from 'playwright-core'
import { CHROMIUM_FLAGS, chromiumPath } from '../../kit/chromium.js'

let ours: Promise<Browser> | undefined

/** The headless Chromium of this process, for all of its files of tests; it ends with the process. */
export async function chromiumOfProcess(): Promise<Browser> {
  const running = await ours?.catch(() => undefined)
  if (ours === undefined || running?.isConnected() !== true)
    ours = chromium.launch({ executablePath: chromiumPath(), headless: true, args: CHROMIUM_FLAGS })
  return ours
}
