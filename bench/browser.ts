import { Chromium, type Tab } from '../test/browser/kit/cdp.js'
import { bundle, site } from '../test/browser/kit/site.js'
import { GOAL_KB, loadedKb } from '../test/browser/kit/size.js'
import { alternate, median, perSecond, type Row, thousands } from './kit.js'

const ROUNDS = 7
const SLICE = 300
const WAKES = 15
const TAKEN = 7

/** A page of a real Chromium: events on IndexedDB, how soon a tab that is shown goes on, and how much has to be loaded. */
export async function benchBrowser(): Promise<Row[]> {
  const browser = await Chromium.launch()
  const pages = await site({ bench: await bundle('bench.ts'), blank: '' })
  try {
    const tab = await browser.open(pages.url('bench'))
    const size = await tab.run<number>('start()')
    const rate = async (whose: string) => perSecond(SLICE, await tab.run<number>(`${whose}(${SLICE})`))
    const sent = await alternate(
      ROUNDS,
      () => rate('ours'),
      () => rate('theirs'),
    )
    const other = await browser.open(pages.url('blank'))
    const wakeMs = median(await wakes(tab, other))
    const open = () => browser.open(pages.url('bench'))
    const fromHung = await takenFrom(open, hang)
    const fromFrozen = await takenFrom(open, (owner) => owner.freeze())
    const loaded = await loadedKb()
    return [
      {
        what: 'awaited send in a page, one service, IndexedDB, strict',
        ours: thousands(sent.ours),
        yardstick: `${thousands(sent.theirs)} bare strict puts of ${size} characters, each awaited`,
        figure: sent.ratio.toFixed(2),
        goal: '≥ 0.5',
        met: sent.ratio >= 0.5,
      },
      {
        what: 'from a tab’s being shown to its service’s running',
        ours: `${wakeMs.toFixed(1)} ms`,
        yardstick: '',
        figure: `${wakeMs.toFixed(1)} ms`,
        goal: '≤ 100 ms',
        met: wakeMs <= 100,
      },
      takeover('hangs', fromHung),
      takeover('is frozen', fromFrozen),
      {
        what: 'core, browser host and IndexedDB store in a page, without xstate, gzipped',
        ours: `${loaded.toFixed(1)} kB`,
        yardstick: '',
        figure: `${loaded.toFixed(1)} kB`,
        goal: `< ${GOAL_KB} kB`,
        met: loaded < GOAL_KB,
      },
    ]
  } finally {
    await browser.close()
    await pages.close()
  }
}

/** How long a tab waits for the store of an owner that stands still, in ms, at worst. */
async function takenFrom(open: () => Promise<Tab>, stops: (owner: Tab) => Promise<unknown>): Promise<number> {
  const found: number[] = []
  for (let taken = 0; taken < TAKEN; taken++) {
    const owner = await open()
    await owner.run('takes()')
    const other = await open()
    await other.show()
    const takes = other.run('takes()')
    await other.run('new Promise((later) => setTimeout(later, 500))')
    const sinceMs = performance.now()
    await stops(owner)
    await takes
    found.push(performance.now() - sinceMs)
    await owner.close()
    await other.close()
  }
  return Math.max(...found)
}

async function hang(owner: Tab): Promise<void> {
  const stood = owner.stoodStill()
  await owner.run('{ setTimeout(() => { debugger }); undefined }')
  await stood
}

function takeover(how: string, ms: number): Row {
  return {
    what: `from an owner’s standing still, as it ${how}, to its service’s running in the tab that waits, at worst`,
    ours: `${ms.toFixed(0)} ms`,
    yardstick: '',
    figure: `${ms.toFixed(0)} ms`,
    goal: '≤ 1,000 ms',
    met: ms <= 1000,
  }
}

async function wakes(tab: Tab, other: Tab): Promise<number[]> {
  const found: number[] = []
  for (let wake = 0; wake < WAKES; wake++) {
    await other.show()
    await tab.run('paused()')
    const woken = tab.run<number>('nextWake()')
    await tab.show()
    found.push(await woken)
  }
  return found
}
