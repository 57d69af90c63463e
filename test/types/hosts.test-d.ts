import { reactNativeHost } from 'tardigrade/hosts/react-native'
import { expectTypeOf, test } from 'vitest'

/** `AppState` as the types of `react-native` (0.76 to 0.86) have it. */
interface AppStateStatic {
  currentState: 'active' | 'background' | 'inactive' | 'unknown' | 'extension'
  isAvailable: boolean
  addEventListener(
    type: 'change' | 'memoryWarning' | 'blur' | 'focus',
    listener: (state: AppStateStatic['currentState']) => void,
  ): { remove: () => void }
}

declare const AppState: AppStateStatic

test('the AppState of React Native is one', () => {
  expectTypeOf(reactNativeHost).toBeCallableWith({ AppState })
})
