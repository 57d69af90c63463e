/** What React Native has for a Promise (Libraries/Promise.js), which has no types of its own. */
declare module 'promise/setimmediate/core' {
  const Polyfill: PromiseConstructor
  export default Polyfill
}
declare module 'promise/setimmediate/es6-extensions'
declare module 'promise/setimmediate/finally'
