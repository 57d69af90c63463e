import { be, checkOptions, isObject, type OptionCheck } from '../errors/option-checks.js'
import type { Host } from '../ports/host.js'
import { described } from './describe.js'
import { held } from './held.js'

/** What a plugin of Capacitor gives for a listener. */
export interface PluginListener {
  remove(): Promise<void> | void
}

/** The plugin `App` of `@capacitor/app`, as far as this library uses it. */
export interface CapacitorApp {
  addListener(
    event: 'appStateChange',
    listener: (state: { readonly isActive: boolean }) => void,
  ): Promise<PluginListener>
  getState(): Promise<{ readonly isActive: boolean }>
}

/** The plugin `Network` of `@capacitor/network`, as far as this library uses it. */
export interface CapacitorNetwork {
  addListener(
    event: 'networkStatusChange',
    listener: (status: { readonly connected: boolean }) => void,
  ): Promise<PluginListener>
  getStatus(): Promise<{ readonly connected: boolean }>
}

export interface CapacitorHostOptions {
  readonly App: CapacitorApp
  /** For `offline`. Default: none. */
  readonly Network?: CapacitorNetwork
}

const listens = (value: unknown) => isObject(value) && typeof Reflect.get(value, 'addListener') === 'function'

const CHECKS: Readonly<Record<keyof CapacitorHostOptions, OptionCheck>> = {
  App: be('the plugin App of @capacitor/app', listens),
  Network: be('the plugin Network of @capacitor/network', listens),
}

/**
 * An app of Capacitor as a host: `background` while it is not active, `offline` where the plugin Network is given.
 *
 * The web view is a page as well: do not use `browserHost` beside it, or both hold `background`, and both must release it.
 * @throws {InvalidOptionError} App is missing, or an option is unknown or not what it must be
 *
 * @example
 * ```ts
 * import { App } from '@capacitor/app'
 * import { Network } from '@capacitor/network'
 *
 * const host = capacitorHost({ App, Network })
 * ```
 */
export function capacitorHost(options: CapacitorHostOptions): Host {
  checkOptions('capacitorHost', options, CHECKS, ['App'])
  const { App, Network } = options
  return described(
    (sink) => {
      const background = held(sink, 'background')
      const offline = held(sink, 'offline')
      const ends = [
        watch(
          App.addListener.bind(App, 'appStateChange'),
          () => App.getState(),
          ({ isActive }) => background(!isActive),
        ),
      ]
      if (Network !== undefined) {
        ends.push(
          watch(
            Network.addListener.bind(Network, 'networkStatusChange'),
            () => Network.getStatus(),
            ({ connected }) => offline(!connected),
          ),
        )
      }
      return async () => {
        await Promise.all(ends.map((end) => end()))
      }
    },
    {
      platform: 'An app of Capacitor',
      tells: {
        background: 'the app is not active',
        offline: Network === undefined ? 'never: give `Network`' : 'the plugin knows of no connection',
      },
      silent: ['the end of an app in the background, or swiped away', 'a crash, a flat battery'],
      time: 'some seconds; the web view stands still soon after',
    },
  )
}

/** Asks how it stands and hears of every change; a change that came first is newer than the answer. */
function watch<T>(
  listen: (listener: (value: T) => void) => Promise<PluginListener>,
  ask: () => Promise<T>,
  hear: (value: T) => void,
): () => Promise<void> {
  let over = false
  let changed = false
  const listening = listen((value) => {
    changed = true
    if (!over) hear(value)
  })
  void ask()
    .then((value) => {
      if (!over && !changed) hear(value)
    })
    // A platform that does not answer tells of the next change.
    .catch(() => {})
  return async () => {
    over = true
    await (await listening).remove()
  }
}
