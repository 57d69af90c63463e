export * from '../errors/testing.js'
export type { Driver, Drivers } from './stand-ins.js'
export type { AuthorStep, CrashPoint, InterruptionKind, InterruptionStep, Step } from './steps.js'
export { replay, type VerifyOptions, type VerifyReport, verifyInterruptions } from './verify.js'
