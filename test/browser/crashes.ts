import { Chromium, type Tab } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

/** How often pages and browsers are killed. */
export interface Crashes {
  /** Kills of the page's process. */
  readonly pages: number
  /** Kills of the whole browser, with SIGKILL. */
  readonly browsers: number
  /** Least and most time of a life, in ms, before it is killed. */
  readonly lifeMs: readonly [number, number]
  readonly random: () => number
  readonly onKill?: (kills: number) => void
}

/** What was found: `lost` and `doubled` should be empty. */
export interface CrashReport {
  readonly kills: number
  readonly acknowledged: number
  /** Counts that were acknowledged and were not there afterwards, and effects that never came. */
  readonly lost: readonly string[]
  /** Effects that came under two keys, and counts beyond what was sent. */
  readonly doubled: readonly string[]
}

/** A page counts, acknowledges and acts outside; it is killed at random instants, and goes on where it was. */
export async function crashPages({ pages, browsers, lifeMs, random, onKill }: Crashes): Promise<CrashReport> {
  let acknowledged = 0
  const keysOf = new Map<number, Set<string>>()
  const hear = (told: URLSearchParams) => {
    acknowledged = Math.max(acknowledged, Number(told.get('count') ?? 0))
    const effect = told.get('effect')
    if (effect === null) return
    const keys = keysOf.get(Number(effect)) ?? new Set()
    keysOf.set(Number(effect), keys.add(told.get('key') ?? ''))
  }
  const served = await site({ app: await bundle('app.ts') }, hear)
  const lost: string[] = []
  const doubled: string[] = []
  let browser = await Chromium.launch()
  try {
    // Kills of the browser stand evenly among those of pages.
    const kills = pages + browsers
    let killed = 0
    for (let kill = 1; kill <= kills; kill++) {
      const tab = await started(browser, served.url('app'))
      const { n } = await tab.run<{ n: number }>('context()')
      if (n < acknowledged) lost.push(`${acknowledged} was acknowledged, and life ${kill} began with ${n}`)
      // One may be durable whose answer did not come any more.
      if (n > acknowledged + 1)
        doubled.push(`${acknowledged} was acknowledged, and life ${kill} began with ${n}`)
      acknowledged = Math.max(acknowledged, n)
      await tab.run('{ addForEver(); undefined }')
      const [least, most] = lifeMs
      await new Promise((later) => setTimeout(later, least + random() * (most - least)))
      if (Math.floor((kill * browsers) / kills) > killed) {
        killed++
        await browser.kill()
        browser = await Chromium.launch(browser.folder)
      } else {
        await tab.crash()
        await tab.close()
      }
      onKill?.(kill)
    }
    const last = await started(browser, served.url('app'))
    const { value: total } = await last.run<{ value: number }>('settled()')
    await last.close()
    for (let effect = 1; effect <= total; effect++) {
      const keys = keysOf.get(effect)?.size ?? 0
      if (keys === 0) lost.push(`the effect of ${effect} never came`)
      if (keys > 1) doubled.push(`the effect of ${effect} came under ${keys} keys`)
    }
    return { kills, acknowledged, lost, doubled }
  } finally {
    await browser.close()
    await served.close()
  }
}

async function started(browser: Chromium, url: string): Promise<Tab> {
  const tab = await browser.open(url)
  await tab.run('start({ whenLocked: "wait" })')
  return tab
}
