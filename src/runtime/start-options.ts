/** What `supervisor.start` takes beside the definition. */
export interface StartOptions<TInput> {
  /** The service's key; the definition's id by default. */
  readonly key?: string
  /** The machine's input, for a first start: a service that the store holds goes on without it. */
  readonly input: TInput
}

/** As with XState's `createActor`, `input` must be given exactly when the machine's type of it rules out undefined. */
export type StartArguments<TInput> = undefined extends TInput
  ? [options?: Partial<StartOptions<TInput>>]
  : [options: StartOptions<TInput>]
