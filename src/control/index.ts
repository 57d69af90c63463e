export { type CallControlOptions, callControl } from './call.js'
export * from './errors.js'
export type {
  ChangeResult,
  ControlRequest,
  ControlResult,
  SendOutcome,
  SendResult,
  ServiceStanding,
  WireError,
} from './protocol.js'
export { type ServeControlOptions, serveControl } from './serve.js'
