export { type CallControlOptions, callControl } from './call.js'
export * from './errors.js'
export type {
  ControlRequest,
  ControlResult,
  SendOutcome,
  SendResult,
  ServiceStanding,
  WireError,
} from './protocol.js'
export { type ServeControlOptions, serveControl } from './serve.js'
