import { aShareOrNever, aSwitch, checkOptions, type OptionCheck } from '../../errors/option-checks.js'
import { MissingFeatureError } from '../../errors/store.js'
import type { Host } from '../../ports/host.js'
import { described } from '../describe.js'
import type { Watch } from '../watch.js'
import { watchBattery } from './battery.js'
import { watchDataSaver } from './data-saver.js'
import { watchNetwork } from './network.js'
import { watchPage } from './page.js'

/** What a browser's page, or worker, is listened to for. */
export interface BrowserHostOptions {
  /** `offline` while the browser knows of no network. Default: true. */
  readonly network?: boolean
  /**
   * `low-battery` while the battery has no more than this share and is not being charged, 0 to 1, where the browser tells
   * (Chromium does, of pages). Default 0.15; false for never.
   */
  readonly lowBattery?: number | false
  /** `data-saver` while the user asks for little traffic, where the browser tells (Chromium does). Default: true. */
  readonly dataSaver?: boolean
}

const CHECKS: Readonly<Record<keyof BrowserHostOptions, OptionCheck>> = {
  network: aSwitch,
  lowBattery: aShareOrNever,
  dataSaver: aSwitch,
}

/**
 * A browser as a host.
 *
 * In a page: `background` while it is hidden; `frozen`, for a moment, when it goes on after the browser had frozen it or kept it
 * for “back”, so that every service looks at once whether it is still the owner; the end of the supervisor when the page
 * goes. Nothing begins when a page freezes: all that was acknowledged is durable by then, and what is begun there could keep other
 * tabs waiting. In pages and workers alike: `offline`, `low-battery` and `data-saver`, where the browser tells. A worker hears of no
 * page: let the page tell it over a port, as `embedderHost` takes it.
 * @throws {InvalidOptionError} an option is unknown, or is not what it must be
 * @throws {MissingFeatureError} when it is set up: this is neither a page nor a worker
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: indexedDbStore('uploads'), host: browserHost() })
 * ```
 */
export function browserHost(options: BrowserHostOptions = {}): Host {
  checkOptions('browserHost', options, CHECKS)
  const { network = true, lowBattery = 0.15, dataSaver = true } = options
  return described(
    (sink) => {
      if (globalThis.navigator === undefined || globalThis.addEventListener === undefined) {
        throw new MissingFeatureError('page or worker', 'Use the host of this platform, such as nodeHost().')
      }
      const watches: Watch[] = []
      if (globalThis.document !== undefined) watches.push(watchPage)
      if (network) watches.push(watchNetwork)
      if (lowBattery !== false) watches.push(watchBattery(lowBattery))
      if (dataSaver) watches.push(watchDataSaver)
      const ends = watches.map((watch) => watch(sink))
      return () => {
        for (const end of ends) end()
      }
    },
    {
      platform: 'A page, or a worker',
      tells: {
        background: 'the page is hidden; never in a worker, which must be told by its page',
        frozen:
          'after the page was frozen or kept for “back”, for a moment, as it goes on; never in a worker',
        offline: network ? 'the browser knows of no network' : 'never: `network` is false',
        'low-battery':
          lowBattery === false
            ? 'never: `lowBattery` is false'
            : `the battery is at ${lowBattery * 100} % or below and not charged (Chromium, pages)`,
        'data-saver': dataSaver
          ? 'the user asks for little traffic (Chromium)'
          : 'never: `dataSaver` is false',
        end: 'the page goes for good (`pagehide`); never in a worker',
      },
      silent: [
        'a tab that the browser discards',
        'a crash, an app that is swiped away on a phone',
        'the end of a service worker',
      ],
      time: 'none that a browser promises: all that was acknowledged is durable before',
    },
  )
}
