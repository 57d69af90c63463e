import { createBrowserReceiver } from '@statelyai/inspect'
import { createSupervisor, type TardigradeError } from 'tardigrade'
import { statelyInspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { settle } from '../kit/clock.js'
import { counter } from '../runtime/machines.js'
import { Collected } from './kit.js'

type Listener = (event: { readonly data: unknown }) => void

/** As much of a window as the package's two sides know of each other: messages arrive later, as copies. */
class PageWindow {
  readonly self = this
  top: PageWindow | undefined = this
  parent: PageWindow = this
  opener: PageWindow | undefined
  opened: PageWindow | undefined
  blocked = false
  readonly listeners = new Set<Listener>()

  open(url: string, target: string): PageWindow | null {
    if (this.blocked) return null
    expect([url, target]).toEqual(['https://stately.ai/inspect', 'xstateinspector'])
    this.opened = new PageWindow()
    this.opened.opener = this
    return this.opened
  }

  addEventListener(_: 'message', run: Listener): void {
    this.listeners.add(run)
  }

  removeEventListener(_: 'message', run: Listener): void {
    this.listeners.delete(run)
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data)
    queueMicrotask(() => {
      for (const run of this.listeners) run({ data: copy })
    })
  }
}

/** Stately's own receiver in a window. */
function receiverIn(window: PageWindow): Collected {
  const collected = new Collected()
  // The package asks for a DOM window.
  createBrowserReceiver({ window: window as never }).subscribe((event) =>
    collected.add(JSON.stringify(event)),
  )
  return collected
}

const running = (receiver: Collected) => receiver.state('counter/k (lifecycle)', 'running')

async function inspecting(options: object) {
  const stately = await statelyInspector({ way: 'browser', ...options })
  const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
  const service = await supervisor.start(counter(), { key: 'k' })
  return { stately, supervisor, service }
}

describe('the way of the browser', () => {
  test('opens a window; its page is told of all when it is there, and again when it is loaded anew', async () => {
    const window = new PageWindow()
    const { stately, supervisor, service } = await inspecting({ window })
    expect(stately.address).toBe('https://stately.ai/inspect')
    const page = window.opened
    if (page === undefined) throw new Error('no window was opened')
    const receiver = receiverIn(page)
    await running(receiver)
    await service.send({ type: 'INC' })
    await receiver.until(({ snapshot }) => JSON.stringify(snapshot?.context) === '{"n":1,"seen":[]}')
    page.listeners.clear()
    const anew = receiverIn(page)
    await running(anew)
    expect(anew.frames.map(({ type }) => type)).toEqual(['@xstate.actor', '@xstate.actor'])
    await supervisor.close()
    await stately.close()
    const { length } = anew.frames
    window.postMessage({ type: '@statelyai.connected' })
    await settle()
    expect(anew.frames.length).toBe(length)
  })

  test('shows it in an iframe, whose page may say that it is there before the iframe says so', async () => {
    const window = new PageWindow()
    const page = new PageWindow()
    page.top = window
    page.parent = window
    const iframe = { contentWindow: page, addEventListener() {}, setAttribute() {} }
    const { stately, supervisor } = await inspecting({ window, iframe })
    await running(receiverIn(page))
    await supervisor.close()
    await stately.close()
  })

  test('tells when the browser blocks the window, and harms nobody', async () => {
    const window = new PageWindow()
    window.blocked = true
    const warnings: TardigradeError[] = []
    const { stately, supervisor, service } = await inspecting({
      window,
      onWarning: (warning: TardigradeError) => void warnings.push(warning),
    })
    await service.send({ type: 'INC' })
    expect(warnings).toEqual([expect.objectContaining({ code: 'RECEIVER_UNREACHABLE' })])
    expect((await supervisor.close()).unsafe).toEqual([])
    await stately.close()
  })
})
