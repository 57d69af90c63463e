export { type CallControlOptions, callControl } from './call.js'
export * from './errors.js'
export type { ServeControlOptions } from './listener.js'
export type {
  ChangeResult,
  ControlRequest,
  ControlResult,
  SendOutcome,
  SendResult,
  ServiceStanding,
  WireError,
} from './protocol.js'
export { serveControl } from './serve.js'
