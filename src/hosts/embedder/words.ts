/** What a word of a platform's lifecycle means to services. */
export type Meaning =
  /** `untilNext`: the next word ends it, whatever it is. */
  | { readonly interrupt: string; readonly untilNext?: true }
  | { readonly release: string }
  | { readonly moment: string }
  | { readonly shutdown: true }
  | { readonly nothing: string }

const background: Meaning = { interrupt: 'background' }
const foreground: Meaning = { release: 'background' }
const frozen: Meaning = { interrupt: 'frozen' }
const thawed: Meaning = { release: 'frozen' }
const lowMemory: Meaning = { moment: 'low-memory' }
const end: Meaning = { shutdown: true }

/**
 * The words of the platforms that embed JavaScript, and what each means. Flutter's are the names of `AppLifecycleState`
 * (https://api.flutter.dev/flutter/dart-ui/AppLifecycleState.html), Android's the callbacks of `Activity` and
 * `ComponentCallbacks2`, Apple's those of `UIApplicationDelegate`, the web's the states and events of Page Lifecycle
 * (https://wicg.github.io/page-lifecycle/) that say more than one another.
 */
export const WORDS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  Flutter: {
    resumed: foreground,
    inactive: foreground,
    hidden: background,
    paused: background,
    detached: end,
  },
  Android: {
    onStart: foreground,
    onResume: foreground,
    onPause: { nothing: 'it may still be seen, as beside another app' },
    onStop: background,
    onTrimMemory: lowMemory,
    onLowMemory: lowMemory,
    onDestroy: end,
  },
  Apple: {
    willEnterForeground: foreground,
    didBecomeActive: foreground,
    willResignActive: { nothing: 'it is still seen, as under a call' },
    didEnterBackground: background,
    didReceiveMemoryWarning: lowMemory,
    willTerminate: end,
  },
  // `hidden` is Flutter’s word as well, and means the same.
  'the web': {
    active: foreground,
    passive: foreground,
    visible: foreground,
    frozen: { interrupt: 'frozen', untilNext: true },
    terminated: end,
    freeze: frozen,
    resume: thawed,
    pagehide: background,
    pageshow: foreground,
  },
}

const MEANINGS = new Map(Object.values(WORDS).flatMap((words) => Object.entries(words)))

/** What a word means; undefined for one that no platform has. */
export function meaningOfWord(word: string): Meaning | undefined {
  return MEANINGS.get(word)
}

/** Every word there is. */
export const allWords: readonly string[] = [...MEANINGS.keys()]
