// What an app of React Native loads of this package.
export { createSupervisor, defineService, task } from 'tardigrade'
export { reactNativeHost } from 'tardigrade/hosts/react-native'
export { asyncStorageStore } from 'tardigrade/stores/async-storage'
export { mmkvStore } from 'tardigrade/stores/mmkv'
