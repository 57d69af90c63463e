import { NoServerHereError } from '../../errors/inspect.js'

/** In the place of `in-process` on every platform but Node. @throws {NoServerHereError} */
export function inspectionHere(..._asked: readonly unknown[]): never {
  throw new NoServerHereError()
}

/** Likewise. @throws {NoServerHereError} */
export function listenForReceivers(..._asked: readonly unknown[]): never {
  throw new NoServerHereError()
}
