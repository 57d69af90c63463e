export type * from './checkpoint/record.js'
export { type ErrorFacts, TardigradeError } from './errors/base.js'
export * from './errors/checkpoint.js'
export * from './errors/codec.js'
export * from './errors/definition.js'
export * from './errors/host.js'
export * from './errors/service.js'
export * from './errors/store.js'
export type { Clock } from './ports/clock.js'
export type { Host, HostSink } from './ports/host.js'
export type * from './ports/store.js'
export { systemClock } from './runtime/clock.js'
export type { CloseReport } from './runtime/closing.js'
export type { LifecycleSnapshot } from './runtime/conductor.js'
export type { Service } from './runtime/service.js'
export type { StartArguments, StartOptions } from './runtime/start-options.js'
export {
  createSupervisor,
  type Supervisor,
  type SupervisorOptions,
} from './runtime/supervisor.js'
export type { MachineView, Observer, Subscription } from './runtime/view.js'
export { defineService, type ServiceDefinition } from './service/definition.js'
export { effectKey } from './service/effect-key.js'
export { withEventKey } from './service/event-key.js'
export type { Hold } from './service/holds.js'
export type { Interruption } from './service/interruptions.js'
export {
  type LifecycleCommand,
  type LifecycleContext,
  type LifecycleEvent,
  lifecycleMachine,
} from './service/lifecycle.js'
export type { MigrationSnapshot, Migrations } from './service/migrations.js'
export type { ServiceOptions, StoredClass } from './service/options.js'
export type { RetryOptions } from './task/retry.js'
export type { Progress, Step, TaskScope } from './task/run.js'
export type { TaskSnapshot } from './task/snapshot.js'
export { type TaskLogic, task } from './task/task.js'
