import { be, checkOptions, hasMethods, milliseconds, type OptionCheck } from '../errors/option-checks.js'
import type { Host } from '../ports/host.js'
import { described } from './describe.js'
import { held } from './held.js'
import { momentary } from './momentary.js'

/** React Native's `AppState`, as far as this library uses it. */
export interface AppStateLike {
  /** `active`, `background`, `inactive`, or `unknown` at first; null where nothing is known. */
  readonly currentState: string | null
  addEventListener(
    type: 'change' | 'memoryWarning',
    listener: (state: string) => void,
  ): { remove(): void } | undefined
}

/** `NetInfo` of `@react-native-community/netinfo`, as far as this library uses it. */
export interface NetInfoLike {
  addEventListener(listener: (state: { readonly isConnected: boolean | null }) => void): () => void
}

export interface ReactNativeHostOptions {
  /** `AppState` of `react-native`. */
  readonly AppState: AppStateLike
  /** The default export of `@react-native-community/netinfo`, for `offline`. Default: none. */
  readonly NetInfo?: NetInfoLike
  /** How long `low-memory` holds after a warning, in ms, since the platform does not tell its end. Default 30,000. */
  readonly lowMemoryMs?: number
}

// In react-native-web AppState is a class with static methods.
const listens = (value: unknown) => hasMethods(value, 'addEventListener')

const CHECKS: Readonly<Record<keyof ReactNativeHostOptions, OptionCheck>> = {
  AppState: be(
    'AppState of react-native; elsewhere use the host of that platform, such as browserHost() or nodeHost()',
    listens,
  ),
  NetInfo: be('the default export of @react-native-community/netinfo', listens),
  lowMemoryMs: milliseconds,
}

/**
 * An app of React Native as a host: `background` while it is in the background, `low-memory` for a time after a warning,
 * `offline` where NetInfo is given.
 *
 * `inactive` (a call, the app switcher) is no interruption: the app is on the screen. The platform may end an app in the
 * background without a word: what was acknowledged is durable by then.
 * @throws {InvalidOptionError} AppState is missing (it says what to use elsewhere), or an option is unknown or not what it must be
 *
 * @example
 * ```ts
 * import NetInfo from '@react-native-community/netinfo'
 * import { AppState } from 'react-native'
 *
 * const host = reactNativeHost({ AppState, NetInfo })
 * ```
 */
export function reactNativeHost(options: ReactNativeHostOptions): Host {
  checkOptions('reactNativeHost', options, CHECKS, ['AppState'])
  const { AppState, NetInfo, lowMemoryMs = 30_000 } = options
  return described(
    (sink) => {
      const background = held(sink, 'background')
      const offline = held(sink, 'offline')
      const lowMemory = momentary(sink, 'low-memory', lowMemoryMs)
      const onState = (state: string | null) => {
        if (state !== 'inactive' && state !== 'unknown') background(state === 'background')
      }
      onState(AppState.currentState)
      const states = AppState.addEventListener('change', onState)
      const warnings = AppState.addEventListener('memoryWarning', lowMemory.begin)
      const network = NetInfo?.addEventListener(({ isConnected }) => {
        // null: it does not know yet.
        if (isConnected !== null) offline(!isConnected)
      })
      return () => {
        states?.remove()
        warnings?.remove()
        network?.()
        lowMemory.end()
      }
    },
    {
      platform: 'An app of React Native',
      tells: {
        background: 'the app leaves the screen (`AppState` is `background`)',
        offline: NetInfo === undefined ? 'never: give `NetInfo`' : 'NetInfo knows of no connection',
        'low-memory': `the system warns; held for ${lowMemoryMs} ms after the last warning`,
      },
      silent: ['the end of an app in the background, or swiped away', 'a crash, a flat battery'],
      time: 'about 5 s on iOS and as long as the system likes on Android; JavaScript stands still soon after',
    },
  )
}
