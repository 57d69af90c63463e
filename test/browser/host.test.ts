import { afterAll, beforeAll, expect, test } from 'vitest'
import { Chromium } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

/** The suite counts turns of the platform, which a hidden page has once a second. */
const UNHURRIED = ['--disable-background-timer-throttling']

let browser: Chromium
let pages: Awaited<ReturnType<typeof site>>

beforeAll(async () => {
  const [script, started] = await Promise.all([bundle('host.ts'), Chromium.launch(undefined, UNHURRIED)])
  browser = started
  pages = await site({ host: script, blank: '' })
})

afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

test.each([
  ['the browser', 'browser'],
  ['React Native, as react-native-web has it,', 'react-native'],
])(
  '%s as a host keeps the contract of hosts, as a real browser is moved',
  async (_, platform) => {
    const other = await browser.open(pages.url('blank'))
    const tab = await browser.open(pages.url('host'))
    const moves: Readonly<Record<string, () => Promise<void>>> = {
      hidden: () => other.show(),
      shown: () => tab.show(),
      offline: () => tab.network(false),
      online: () => tab.network(true),
    }
    await tab.asked('ask', async (text) => {
      const { id, to } = JSON.parse(text) as { id: number; to: string }
      await moves[to]?.()
      await tab.run(`moved(${id})`)
    })
    const seed = Math.floor(Math.random() * 2 ** 31)
    const report = await tab.run<{ cases: readonly string[]; untried: readonly string[] }>(
      `contract('${platform}', ${seed}, ${process.env.HOST_RUNS ?? 3})`,
    )
    expect(report.cases.length).toBeGreaterThan(5)
    // A page that goes cannot tell what came of it, and listeners of a page cannot be counted.
    expect(report.untried).toEqual(expect.arrayContaining(['leaves no listener behind']))
  },
  300_000,
)
