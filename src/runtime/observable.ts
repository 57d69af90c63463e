/**
 * Makes the objects of a class observables to XState and RxJS, which look for the symbol where somebody has defined
 * it, and else for a text. A method in the class could have but one of these names.
 */
export function makeObservable<T extends object>(prototype: T, observableOf: (of: T) => object): void {
  // The standard library does not have it; polyfills put it there.
  const key = (Symbol as unknown as { readonly observable?: symbol }).observable ?? '@@observable'
  const value = function (this: T) {
    return observableOf(this)
  }
  Object.defineProperty(prototype, key, { value, configurable: true, writable: true })
}
