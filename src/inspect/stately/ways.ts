import { ReceiverUnreachableError } from '../../errors/inspect.js'
import type { Clock } from '../../ports/clock.js'
import { BrowserLine, type WindowLike } from './browser.js'
import { loadStatelyDriver } from './driver.js'
import type { Frame } from './frames.js'
import type { Line, LineListener } from './line.js'
import type { BrowserWay, ServerWay, StatelyInspectorOptions, WebSocketWay } from './options.js'
import { serveStately } from './server.js'
import { WebSocketLine } from './web-socket.js'

const PAGE = 'https://stately.ai/inspect'

/** A line of one way, and where a person looks at what it carries. */
export interface OpenedLine {
  readonly line: Line<Frame>
  readonly address: string | undefined
}

/** Opens a line of the way that the options name. */
export async function openLine(
  options: StatelyInspectorOptions,
  clock: Clock,
  listener: LineListener,
): Promise<OpenedLine> {
  const driver = await loadStatelyDriver()
  const chosen: WebSocketWay | ServerWay | BrowserWay =
    options.way === undefined ? { ...options, way: wayHere() } : options
  switch (chosen.way) {
    case 'websocket': {
      const { url = 'ws://localhost:8080' } = chosen
      return { line: await WebSocketLine.open(driver, url, clock, listener), address: undefined }
    }
    case 'server': {
      const { port = 8080, url = PAGE, autoOpen = false } = chosen
      const server = await serveStately({ port, url, autoOpen })
      const line = await WebSocketLine.open(driver, server.url, clock, listener)
      return { line: endingWith(line, server.end), address: server.address }
    }
    case 'browser': {
      const { url = PAGE, window = pageWindow(), iframe } = chosen
      if (window === undefined) {
        const remedy = 'Give one, or choose the way server or websocket.'
        throw new ReceiverUnreachableError(url, 'there is no window here', remedy)
      }
      return { line: new BrowserLine(driver, { url, window, iframe }, listener), address: url }
    }
  }
}

/** The way where none is named. */
export function wayHere(): 'server' | 'browser' {
  return pageWindow() === undefined ? 'server' : 'browser'
}

function pageWindow(): WindowLike | undefined {
  // A page's window is one; in Node there is none.
  return (globalThis as { readonly window?: WindowLike }).window
}

/** The line, whose end is that of its receiver too. */
function endingWith(line: Line<Frame>, end: () => Promise<void>): Line<Frame> {
  return {
    get state() {
      return line.state
    },
    send: (frame) => line.send(frame),
    close: async () => {
      await line.close()
      await end()
    },
  }
}
