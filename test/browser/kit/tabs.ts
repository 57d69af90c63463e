import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { Chromium, type Tab } from './cdp.js'
import { nextFormat } from './next-format.js'
import { bundle, site } from './site.js'

/** The app of the tests, one whose store has the next format, and a page without any script. */
export async function appAndNewer() {
  const [app, newer] = await Promise.all([bundle('app.ts'), bundle('app.ts', { changed: nextFormat })])
  return { app, newer, blank: '' }
}

/** A Chromium for all tests of a file, and for each of them an origin of its own, with pages of these scripts. */
export function tabsOf(bundled: () => Promise<Readonly<Record<string, string>>>) {
  let browser: Chromium
  let scripts: Readonly<Record<string, string>>
  let pages: Awaited<ReturnType<typeof site>>
  beforeAll(async () => {
    ;[scripts, browser] = await Promise.all([bundled(), Chromium.launch()])
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    pages = await site(scripts)
  })
  afterEach(() => pages.close())
  const url = (name: string) => pages.url(name)
  const open = (name = 'app') => browser.open(url(name))
  /** One that owns the store, or waits for it. */
  const started = async (name?: string): Promise<Tab> => {
    const tab = await open(name)
    await tab.run('start({ whenLocked: "wait" })')
    return tab
  }
  return { url, open, started, privately: () => browser.private() }
}

/** Resolves when the channel of the lock has heard so many answers of a holder. */
export const answers = (count: number) => `new Promise((resolve) => {
  const channel = new BroadcastChannel('tardigrade:app')
  let left = ${count}
  channel.onmessage = ({ data }) => {
    if (data.holds && --left === 0) resolve()
  }
})`
