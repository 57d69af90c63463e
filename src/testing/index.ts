export * from '../errors/contract.js'
export * from '../errors/testing.js'
export type {
  CounterexampleMessage,
  CounterexampleStep,
  Trace,
  TraceMessage,
} from '../inspect/stream/trace.js'
export type { HostUnderTest, MakeHost, PlatformInterruption } from './contract/host/scene.js'
export { hostCases, type VerifyHostOptions, verifyHost } from './contract/host/verify-host.js'
export type { ContractOptions, ContractReport } from './contract/run.js'
export type { Heal, MakeStore, StoreUnderTest } from './contract/store/scene.js'
export { storeCases, verifyStore } from './contract/store/verify-store.js'
export type { DriversFor, OraclesFor } from './driver-types.js'
export type {
  CommonOptions,
  CrashPointOptions,
  ExhaustiveOptions,
  GivenOptions,
  RandomOptions,
  SubjectArguments,
  SubjectOptions,
  VerifyOptions,
} from './options.js'
export type { Sequence } from './plans/crash-points.js'
export type { AuthorStep, CrashPoint, InterruptionKind, InterruptionStep, Step } from './plans/steps.js'
export { record, replay, trace } from './replay.js'
export type { Cell, Matrix } from './report/matrix.js'
export { reportPage } from './report/page.js'
export type { ReportFigures, ReportJson, VerifyMode, VerifyReport } from './report/report.js'
export type { ServiceModule } from './subject.js'
export { verifyInterruptions } from './verify.js'
export type { Answer, Answers, Driver, Drivers } from './world/drivers.js'
export type { ActorSeen, Observation, TimerSeen } from './world/observe.js'
export type { EffectOracle, EffectOracles } from './world/oracles.js'
