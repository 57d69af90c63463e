import { be, checkOptions, hasMethods, isObject, type OptionCheck } from '../errors/option-checks.js'
import { MissingFeatureError } from '../errors/store.js'
import { within } from '../platform/within.js'
import type { Host } from '../ports/host.js'
import { described } from './describe.js'
import { held, quietly } from './held.js'

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

/** How long a bridge may take to answer. */
const ANSWER_MS = 10_000

/** What Capacitor says of a plugin that the platform does not have. */
const isMissing = (error: unknown) => isObject(error) && Reflect.get(error, 'code') === 'UNIMPLEMENTED'

const listens = (value: unknown) => hasMethods(value, 'addListener')

const CHECKS: Readonly<Record<keyof CapacitorHostOptions, OptionCheck>> = {
  App: be(
    'the plugin App of @capacitor/app; elsewhere use the host of that platform, such as browserHost()',
    listens,
  ),
  Network: be('the plugin Network of @capacitor/network', listens),
}

/**
 * An app of Capacitor as a host: `background` while it is not active, `offline` where the plugin Network is given.
 *
 * The web view is a page as well: do not use `browserHost` beside it, or both hold `background`, and both must release it.
 * Where the platform has no such plugin, or none that answers within 10 s, `createSupervisor` rejects with a HostFailedError, whose
 * `cause` is a MissingFeatureError. It is ready when the plugins have told how the app stands; one that listens and answers nothing is waited for as long.
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
      const watches = [
        watch(
          'App',
          (listener) => App.addListener('appStateChange', listener),
          () => App.getState(),
          ({ isActive }) => background(!isActive),
        ),
      ]
      if (Network !== undefined) {
        watches.push(
          watch(
            'Network',
            (listener) => Network.addListener('networkStatusChange', listener),
            () => Network.getStatus(),
            ({ connected }) => offline(!connected),
          ),
        )
      }
      const ready = Promise.all(watches.map(({ ready }) => ready)).then(() => {})
      // Whoever has set it up may look at it later, or never.
      quietly(ready)
      const end = async () => {
        await Promise.all(watches.map(({ end }) => end()))
      }
      return Object.assign(end, { ready })
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
  plugin: string,
  listen: (listener: (value: T) => void) => Promise<PluginListener>,
  ask: () => Promise<T>,
  hear: (value: T) => void,
): { readonly ready: Promise<void>; readonly end: () => Promise<void> } {
  let over = false
  let changed = false
  let listener: PluginListener | undefined
  let knows = () => {}
  const heard = new Promise<void>((resolve) => {
    knows = resolve
  })
  // Called within a promise, since a plugin may throw as well as reject.
  const listening = Promise.resolve().then(async () => {
    listener = await listen((value) => {
      changed = true
      if (!over) hear(value)
      knows()
    })
    if (over) await listener.remove()
  })
  const asking = Promise.resolve()
    .then(ask)
    .then((value) => {
      if (!over && !changed) hear(value)
    })
  // Where the platform has no such plugin, each call says so, or one does and the other is never answered. Else one that listens will hear.
  const asked = asking.catch((error) => {
    if (isMissing(error)) throw error
    return listening
  })
  // Nothing runs before it is known how the app stands, as long as a bridge may take to tell.
  const known = Promise.race([asked, listening.then(() => heard)])
  const ready = within(ANSWER_MS, known).catch((cause) => {
    if (listener !== undefined && !isMissing(cause)) return
    throw new MissingFeatureError(
      `plugin ${plugin}`,
      `Install @capacitor/${plugin.toLowerCase()} and sync the platform, or use the host of this one, such as browserHost().`,
      { cause },
    )
  })
  quietly(listening)
  quietly(asking)
  return {
    ready,
    async end() {
      over = true
      // One that is not there yet is removed when it comes.
      await listener?.remove()
    },
  }
}
