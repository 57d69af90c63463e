import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, beforeAll, expect } from 'vitest'
import { chromiumOfProcess } from './chromium.js'
import { servePage } from './page-server.js'
import type { Recording } from './recording.js'

/** Visits of the tests of a file to the page: what a test opens is closed after it. */
export function visiting(): Visits {
  const visits = new Visits()
  // It may have to install a browser first.
  beforeAll(async () => void (await chromiumOfProcess()), 300_000)
  afterEach(() => visits.leave())
  return visits
}

/** Tabs that show recordings with the built page, and what went wrong in them: nothing of one is seen by another. */
export class Visits {
  readonly #contexts: { close(): Promise<void> }[] = []

  /** A tab that shows a recording, served with the page under its policy. */
  async show(recording: Recording, fragment = '', options: BrowserContextOptions = {}): Promise<Visit> {
    return this.showTrace(recording.json(), fragment, options)
  }

  /** The same of any trace. */
  async showTrace(trace: string, fragment = '', options: BrowserContextOptions = {}): Promise<Visit> {
    const server = await servePage({ '/trace.json': trace })
    this.#contexts.push(server)
    return this.open(`${server.url}#trace=trace.json${fragment}`, options)
  }

  async open(address: string, options: BrowserContextOptions = {}): Promise<Visit> {
    const browser = await chromiumOfProcess()
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      ...options,
    })
    this.#contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('dialog', (dialog) => {
      problems.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    await page.goto(address)
    return { page, problems }
  }

  /** Closes what a test has opened. */
  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0).reverse()) await context.close()
  }
}

export interface Visit {
  readonly page: Page
  /** Errors, refusals of the policy, and dialogs. */
  readonly problems: readonly string[]
}

/** Keys of the states that are drawn as active, in the chart’s order. */
export async function activeStates(page: Page): Promise<readonly string[]> {
  const labels = await page
    .locator('.drawing .box.active')
    .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')))
  return labels.map((label) => label?.split(',')[0] ?? '')
}

/** Waits until the page shows what it should. */
export async function shows<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  await expect.poll(read, { timeout: 20_000, interval: 50 }).toEqual(wanted)
}
