import { EventEmitter } from 'node:events'
import { InvalidOptionError } from 'tardigrade'
import { reactNativeHost } from 'tardigrade/hosts/react-native'
import { expect, test, vi } from 'vitest'
import { describeHostContract } from './contract.js'
import { hearing } from './hearing.js'

/** React Native's AppState, as its documentation has it. */
function appState(first: string | null = 'active') {
  const events = new EventEmitter()
  const state = {
    currentState: first,
    addEventListener(type: string, listener: (state: never) => void) {
      // Each type of event has a listener of its own kind.
      const hear = listener as (state: unknown) => void
      events.on(type, hear)
      return { remove: () => void events.off(type, hear) }
    },
    goes(to: string) {
      state.currentState = to
      events.emit('change', to)
    },
    warns: () => void events.emit('memoryWarning'),
    listeners: () => events.listenerCount('change') + events.listenerCount('memoryWarning'),
  }
  return state
}

/** NetInfo, which tells everybody who comes how it stands. */
function netInfo(isConnected: boolean | null = true) {
  const listeners = new Set<(state: { isConnected: boolean | null }) => void>()
  return {
    addEventListener(listener: (state: { isConnected: boolean | null }) => void) {
      listeners.add(listener)
      listener({ isConnected })
      return () => void listeners.delete(listener)
    },
    goes(to: boolean | null) {
      for (const listener of listeners) listener({ isConnected: to })
    },
    listeners: () => listeners.size,
  }
}

describeHostContract('reactNativeHost', () => {
  const [AppState, NetInfo] = [appState(), netInfo()]
  return {
    host: reactNativeHost({ AppState, NetInfo }),
    interruptions: {
      background: { begin: () => AppState.goes('background'), end: () => AppState.goes('active') },
      offline: { begin: () => NetInfo.goes(false), end: () => NetInfo.goes(true) },
    },
    listeners: () => AppState.listeners() + NetInfo.listeners(),
  }
})

test('an app that begins in the background, without a network, is told as that', () => {
  const { sink, heard } = hearing()
  reactNativeHost({ AppState: appState('background'), NetInfo: netInfo(false) })(sink)
  expect(heard).toEqual(['interrupt background', 'interrupt offline'])
})

test('what is not known, and an app that is only inactive, interrupt nothing', () => {
  const { sink, heard } = hearing()
  const [AppState, NetInfo] = [appState(null), netInfo(null)]
  reactNativeHost({ AppState, NetInfo })(sink)
  for (const state of ['unknown', 'inactive', 'active']) AppState.goes(state)
  expect(heard).toEqual([])
  AppState.goes('background')
  AppState.goes('inactive')
  expect(heard).toEqual(['interrupt background'])
})

test('a warning that memory is short holds for a time after the last one', () => {
  vi.useFakeTimers()
  try {
    const { sink, heard } = hearing()
    const AppState = appState()
    const end = reactNativeHost({ AppState, lowMemoryMs: 100 })(sink)
    AppState.warns()
    vi.advanceTimersByTime(99)
    AppState.warns()
    vi.advanceTimersByTime(99)
    expect(heard).toEqual(['interrupt low-memory'])
    vi.advanceTimersByTime(1)
    expect(heard).toEqual(['interrupt low-memory', 'release low-memory'])
    AppState.warns()
    void end()
    vi.advanceTimersByTime(1000)
    expect(heard).toEqual(['interrupt low-memory', 'release low-memory', 'interrupt low-memory'])
  } finally {
    vi.useRealTimers()
  }
})

test('AppState may be a class with static methods, as in react-native-web', () => {
  const AppState = Object.assign(class {}, appState('background'))
  const { sink, heard } = hearing()
  reactNativeHost({ AppState })(sink)
  expect(heard).toEqual(['interrupt background'])
})

test.each([2 ** 31, Number.POSITIVE_INFINITY])(
  'a warning that holds for %d ms is not over at once',
  (lowMemoryMs) => {
    vi.useFakeTimers()
    try {
      const { sink, heard } = hearing()
      const AppState = appState()
      reactNativeHost({ AppState, lowMemoryMs })(sink)
      AppState.warns()
      vi.advanceTimersByTime(2 ** 31 - 1)
      expect(heard).toEqual(['interrupt low-memory'])
    } finally {
      vi.useRealTimers()
    }
  },
)

test.each([
  {},
  { AppState: {} },
  { AppState: appState(), NetInfo: 5 },
  { AppState: appState(), Netinfo: {} },
])('%o is refused', (options) => {
  expect(() => reactNativeHost(options as never)).toThrow(InvalidOptionError)
})

test('where there is no AppState, the error names it and what to use in its place', () => {
  expect(() => reactNativeHost({ AppState: undefined as never })).toThrow(
    /AppState is undefined\. Give AppState of react-native; .*browserHost\(\) or nodeHost\(\)\./,
  )
})
