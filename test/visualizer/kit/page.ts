import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium } from './chromium.js'
import { servePage } from './page-server.js'
import type { Recording } from './recording.js'

/** A browser with the built page: tabs that show recordings, and what went wrong in them. */
export class Visits {
  readonly #contexts: { close(): Promise<void> }[] = []

  private constructor(readonly browser: Browser) {}

  static async begin(): Promise<Visits> {
    return new Visits(await launchChromium())
  }

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
    const context = await this.browser.newContext({
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

  async end(): Promise<void> {
    await this.leave()
    await this.browser.close()
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
