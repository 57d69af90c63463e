// react-native-web, which stands for `react-native` in these tests, comes without types.
declare module 'react-native/dist/exports/AppState/index.js' {
  import type { AppStateLike } from 'tardigrade/hosts/react-native'

  const AppState: AppStateLike
  export default AppState
}
