import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { CHROMIUM_FLAGS, chromiumPath } from '../../kit/chromium.js'

interface Answer {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
  readonly method?: string
  readonly params?: unknown
  readonly sessionId?: string
}

/**
 * A Chromium that is spoken to over its own protocol alone (https://chromedevtools.github.io/devtools-protocol/): a driver such
 * as Playwright keeps every page in focus, and then none of them is ever hidden or frozen.
 */
export class Chromium {
  #next = 0
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  readonly #heard = new Set<(answer: Answer) => void>()

  private constructor(
    readonly process: ChildProcess,
    private readonly socket: WebSocket,
    readonly folder: string,
  ) {
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))))
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The browser has gone.'))
      this.#waiting.clear()
    })
  }

  /** Starts one on a folder of its own, or on that of an earlier one, with more flags. */
  static async launch(
    folder = mkdtempSync(join(tmpdir(), 'chromium-')),
    flags: readonly string[] = [],
  ): Promise<Chromium> {
    const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank']
    const child = spawn(chromiumPath(), [...CHROMIUM_FLAGS, ...flags, ...own], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const socket = new WebSocket(await addressOf(child), { perMessageDeflate: false })
    await once(socket, 'open')
    return new Chromium(child, socket, folder)
  }

  /** Opens a tab, in a private window where one is given, and waits until its page has loaded. */
  async open(url: string, browserContextId?: string): Promise<Tab> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      ...(browserContextId === undefined ? {} : { browserContextId }),
    })
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    })
    const tab = new Tab(this, targetId, sessionId)
    await tab.send('Page.enable')
    await tab.go(url)
    return tab
  }

  /** What tabs of a private window have in common; gives how to open one there, and how to close all of them. */
  async private(): Promise<{ open(url: string): Promise<Tab>; close(): Promise<unknown> }> {
    const context = await this.send<{ browserContextId: string }>('Target.createBrowserContext')
    return {
      open: (url) => this.open(url, context.browserContextId),
      close: () => this.send('Target.disposeBrowserContext', context),
    }
  }

  send<T = unknown>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#next
    return new Promise((resolve, reject) => {
      // The protocol says what each method answers.
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject })
      this.socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  /** Hears every event of this name, of this session, or of none; gives what ends that. */
  on(method: string, sessionId: string | undefined, hear: (params: unknown) => void): () => void {
    const listener = (answer: Answer) => {
      if (answer.method === method && answer.sessionId === sessionId) hear(answer.params)
    }
    this.#heard.add(listener)
    return () => void this.#heard.delete(listener)
  }

  /** Resolves with the next event of this name, of this session. */
  event(method: string, sessionId: string): Promise<unknown> {
    return new Promise((resolve) => {
      const end = this.on(method, sessionId, (params) => {
        end()
        resolve(params)
      })
    })
  }

  /** Kills it with all of its processes, as a crash would; the folder stays. */
  async kill(): Promise<void> {
    const gone = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await gone
  }

  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = once(this.process, 'exit')
      await this.send('Browser.close').catch(() => {})
      await gone
    }
    this.socket.close()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 })
  }

  #hear(answer: Answer): void {
    if (answer.id === undefined) {
      for (const hear of [...this.#heard]) hear(answer)
      return
    }
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (answer.error === undefined) waiting?.resolve(answer.result)
    else waiting?.reject(new Error(answer.error.message))
  }
}

/** A tab of a Chromium. */
export class Tab {
  constructor(
    private readonly browser: Chromium,
    readonly targetId: string,
    private readonly sessionId: string,
  ) {}

  send<T = unknown>(method: string, params: object = {}): Promise<T> {
    return this.browser.send<T>(method, params, this.sessionId)
  }

  /** Resolves when a page has loaded from now on, whoever asked for it. */
  loaded(): Promise<unknown> {
    return this.browser.event('Page.loadEventFired', this.sessionId)
  }

  /** Goes to an address and waits until its page has loaded. */
  async go(url: string): Promise<void> {
    const loaded = this.loaded()
    await this.send('Page.navigate', { url })
    await loaded
  }

  /** Runs an expression in the page, waits for its promise, and gives its value, or throws what it threw. */
  async run<T = unknown>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<Evaluated<T>>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails === undefined) return result.value
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }

  /** Waits for an element, and gives what a function of the page makes of it. */
  onceThere<T>(selector: string, make: string): Promise<T> {
    return this.run<T>(`${thereIs(selector)}.then(${make})`)
  }

  /** Chooses files in an input, as a user does. */
  async choose(selector: string, files: readonly string[]): Promise<void> {
    const { result } = await this.send<{ result: { objectId: string } }>('Runtime.evaluate', {
      expression: thereIs(selector),
      awaitPromise: true,
    })
    await this.send('DOM.setFileInputFiles', { files, objectId: result.objectId })
  }

  /** Brings it to the front, which hides the others. */
  async show(): Promise<void> {
    await this.browser.send('Target.activateTarget', { targetId: this.targetId })
  }

  async freeze(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'frozen' })
  }

  async thaw(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'active' })
  }

  /**
   * Resolves when the page has come to a `debugger`, where it stands still as one that is frozen, at that very instant; `Debugger.resume`
   * has it go on.
   */
  async stoodStill(): Promise<void> {
    const stood = this.browser.event('Debugger.paused', this.sessionId)
    await this.send('Debugger.enable')
    await stood
  }

  /** Goes back in the history of the tab, and waits until that page is shown. */
  async back(): Promise<void> {
    const { currentIndex, entries } = await this.send<{ currentIndex: number; entries: { id: number }[] }>(
      'Page.getNavigationHistory',
    )
    const shown = this.browser.event('Page.frameNavigated', this.sessionId)
    await this.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1]?.id })
    await shown
  }

  async network(there: boolean): Promise<void> {
    const none = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    await this.send('Network.emulateNetworkConditions', { offline: !there, ...none })
  }

  /** Gives the page a function of this name that takes a text; each call of it is answered. */
  async asked(name: string, answer: (text: string) => Promise<void>): Promise<void> {
    this.browser.on('Runtime.bindingCalled', this.sessionId, (called) => {
      // The protocol says what the event carries.
      const binding = called as { readonly name: string; readonly payload: string }
      // The browser may be closed before the last of them is answered.
      if (binding.name === name) answer(binding.payload).catch(() => {})
    })
    await this.send('Runtime.enable')
    await this.send('Runtime.addBinding', { name })
  }

  /** Kills the page's process. */
  async crash(): Promise<void> {
    const crashed = this.browser.event('Inspector.targetCrashed', this.sessionId)
    await this.send('Inspector.enable')
    // It never answers.
    this.send('Page.crash').catch(() => {})
    await crashed
  }

  /** Closes it, and waits until it is gone: until then its page goes on, and has what it had opened. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      const end = this.browser.on('Target.detachedFromTarget', undefined, (params) => {
        // The protocol says what the event carries.
        if ((params as { readonly sessionId: string }).sessionId !== this.sessionId) return
        end()
        resolve()
      })
    })
    await this.browser.send('Target.closeTarget', { targetId: this.targetId })
    await gone
  }
}

/** A promise of an element, as an expression of the page. */
const thereIs = (selector: string) => `new Promise((resolve) => {
  const look = () => {
    const found = document.querySelector(${JSON.stringify(selector)})
    if (found === null) setTimeout(look, 10)
    else resolve(found)
  }
  look()
})`

interface Evaluated<T> {
  readonly result: { readonly value: T }
  readonly exceptionDetails?: {
    readonly text: string
    readonly exception?: { readonly description?: string }
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('Chromium has no standard error.')
  const said: string[] = []
  const lines = createInterface({ input: child.stderr })
  for await (const line of lines) {
    said.push(line)
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (address === undefined) continue
    child.stderr.resume()
    return address
  }
  throw new Error(`Chromium did not start: ${said.join('\n')}`)
}
