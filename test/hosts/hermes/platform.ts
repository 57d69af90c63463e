// What React Native gives an app beside its engine (https://reactnative.dev/docs/javascript-environment), and what this engine of 2022
// lacks of that of React Native 0.76. It comes before anything of an app.
import { AbortController, AbortSignal } from 'abort-controller'
import Polyfill from 'promise/setimmediate/core'
import 'promise/setimmediate/es6-extensions'
import 'promise/setimmediate/finally'
import { now, timersOfReactNative } from './loop.js'

declare const print: (text: string) => void

const say = (...told: unknown[]) => print(told.map(String).join(' '))

class AggregateErrorOfHermes extends Error {
  readonly errors: readonly unknown[]
  constructor(errors: Iterable<unknown>, message?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AggregateError'
    this.errors = [...errors]
  }
}

class UrlOfReactNative {
  readonly href: string
  constructor(text: string) {
    if (!/^[a-z][a-z\d+.-]*:/i.test(text)) throw new TypeError(`Invalid URL: ${text}`)
    this.href = text
  }
}

/** One that keeps: nothing that is tried here is about what is forgotten. */
class WeakRefOfHermes {
  constructor(private readonly target: object) {}
  deref(): object {
    return this.target
  }
}

function at(this: ArrayLike<unknown>, index: number): unknown {
  return this[index < 0 ? this.length + index : index]
}

Object.assign(globalThis, timersOfReactNative, {
  Promise: Polyfill,
  AbortController,
  AbortSignal,
  console: { log: say, info: say, debug: say, warn: say, error: say, assert() {} },
  performance: { now },
  AggregateError: AggregateErrorOfHermes,
  URL: UrlOfReactNative,
  WeakRef: WeakRefOfHermes,
})
Date.now = now
for (const { prototype } of [Array, String, Int8Array])
  Object.defineProperty(prototype, 'at', { value: at, configurable: true, writable: true })
