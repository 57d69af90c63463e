import type { TardigradeError } from '../../errors/base.js'
import type { Clock } from '../../ports/clock.js'
import type { Inspected } from '../../ports/inspector.js'
import type { Redact } from '../redact.js'
import type { IframeLike, WindowLike } from './browser.js'

/** What every way takes. */
export interface CommonOptions {
  /** Which services are shown. Default: all of the supervisors that this inspector is given to. */
  readonly only?: (service: Pick<Inspected, 'definition' | 'key'>) => boolean
  /** What is hidden before anything leaves the process. Default: nothing. */
  readonly redact?: Redact
  /** What stands before the names of the services, where several processes share one receiver. */
  readonly label?: string
  /** Hears once when no receiver can be reached, or it has gone. Default: the message goes to console.warn. */
  readonly onWarning?: (warning: TardigradeError) => void
  readonly clock?: Clock
}

/** To a receiver that listens already, in this process, another one or on another machine. */
export interface WebSocketWay {
  readonly way: 'websocket'
  /** Default: `ws://localhost:8080`, where the package's server listens. */
  readonly url?: string
}

/** To a server of the package's own, which this process runs in a thread, with a page that shows Stately's inspector. */
export interface ServerWay {
  readonly way: 'server'
  /** It listens there on every interface of the machine. Default: 8080. */
  readonly port?: number
  /** The inspector that its page embeds. Default: `https://stately.ai/inspect`. */
  readonly url?: string
  /** Whether the page is opened in the machine's browser. Default: false. */
  readonly autoOpen?: boolean
}

/** To a page in a window that is opened for it, or in an iframe. */
export interface BrowserWay {
  readonly way: 'browser'
  /** The page. Default: `https://stately.ai/inspect`. */
  readonly url?: string
  /** Default: this page's own. */
  readonly window?: WindowLike
  /** Where the page is shown instead of in a window of its own. */
  readonly iframe?: IframeLike
}

type WithoutWay<Way> = Omit<Way, 'way'> & { readonly way?: undefined }

/** Without a `way`: `browser` where there is a window, else `server`, each with its own options. */
export type StatelyInspectorOptions = CommonOptions &
  (WebSocketWay | ServerWay | BrowserWay | WithoutWay<ServerWay> | WithoutWay<BrowserWay>)
