import {
  createSupervisor,
  defineService,
  type Service,
  type ServiceDefinition,
  type StartArguments,
  type TaskScope,
  task,
} from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { assertType, describe, expectTypeOf, test } from 'vitest'
import {
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  createMachine,
  fromPromise,
  type InputFrom,
  setup,
  toPromise,
  waitFor,
} from 'xstate'

const machine = setup({
  types: {
    context: {} as { items: string[] },
    events: {} as { type: 'ADD'; item: string } | { type: 'CLEAR' },
    input: {} as { first: string },
    emitted: {} as { type: 'added'; item: string } | { type: 'cleared' },
  },
}).createMachine({
  context: ({ input }) => ({ items: [input.first] }),
  initial: 'open',
  states: { open: {}, closed: {} },
})
const definition = defineService({ id: 'list', version: 1, machine })

async function start() {
  const supervisor = await createSupervisor({ store: memoryStore() })
  return { supervisor, service: await supervisor.start(definition, { key: 'k', input: { first: 'a' } }) }
}

describe('a service', () => {
  test('takes the machine’s events and no others', async () => {
    const { service } = await start()
    assertType<Promise<void>>(service.send({ type: 'ADD', item: 'b' }, { key: 'once' }))
    // @ts-expect-error an event without its field
    service.send({ type: 'ADD' })
    // @ts-expect-error no event of the machine
    service.send({ type: 'REMOVE' })
    // @ts-expect-error a type alone is no event
    service.send('CLEAR')
  })

  test('takes the machine’s input', async () => {
    const { supervisor } = await start()
    // @ts-expect-error a number is no text
    supervisor.start(definition, { input: { first: 1 } })
    // @ts-expect-error no such input
    supervisor.start(definition, { input: { last: 'z' } })
  })

  test('must be given the input that its machine needs', async () => {
    const { supervisor } = await start()
    supervisor.start(definition, { input: { first: 'a' } })
    // @ts-expect-error a key alone
    supervisor.start(definition, { key: 'k' })
    // @ts-expect-error nothing at all
    supervisor.start(definition)
    // @ts-expect-error undefined is no input of this machine
    supervisor.start(definition, { key: 'k', input: undefined })
    // A service that the store is known to hold needs none.
    expectTypeOf(supervisor.get('k')).toEqualTypeOf<Promise<Service>>()
  })

  test('may be given an input that its machine can do without', async () => {
    const { supervisor } = await start()
    const optional = defineService({
      id: 'optional',
      version: 1,
      machine: setup({ types: { input: {} as { first: string } | undefined } }).createMachine({}),
    })
    supervisor.start(optional)
    supervisor.start(optional, {})
    supervisor.start(optional, { key: 'k' })
    supervisor.start(optional, { input: undefined })
    supervisor.start(optional, { key: 'k', input: { first: 'a' } })
    // @ts-expect-error a number is no text
    supervisor.start(optional, { input: { first: 1 } })
    // @ts-expect-error no such option
    supervisor.start(optional, { keys: 'k' })
  })

  test('needs no input where its machine has no type for it', async () => {
    const { supervisor } = await start()
    const none = defineService({ id: 'none', version: 1, machine: setup({}).createMachine({}) })
    supervisor.start(none)
    supervisor.start(none, { key: 'k' })
    const bare = defineService({ id: 'bare', version: 1, machine: createMachine({}) })
    supervisor.start(bare)
    supervisor.start(bare, { key: 'k', input: { anything: 1 } })
    // A definition of any machine, as a program has it that loads modules by name.
    const any: ServiceDefinition = bare as unknown as ServiceDefinition
    supervisor.start(any)
    supervisor.start(any, { key: 'k', input: { anything: 1 } })
  })

  test('can be started by code that knows nothing of its machine', async () => {
    const { supervisor } = await start()
    const startWith = <TMachine extends AnyStateMachine>(
      of: ServiceDefinition<TMachine>,
      ...options: StartArguments<InputFrom<TMachine>>
    ) => supervisor.start(of, ...options)
    expectTypeOf(startWith(definition, { input: { first: 'a' } })).toEqualTypeOf<
      Promise<Service<typeof machine>>
    >()
    // @ts-expect-error no input
    startWith(definition)
  })

  test('shows the machine’s snapshot and emitted events', async () => {
    const { service } = await start()
    expectTypeOf(service.machine.getSnapshot().value).toEqualTypeOf<'open' | 'closed'>()
    expectTypeOf(service.machine.getSnapshot().context).toEqualTypeOf<{ items: string[] }>()
    service.machine.on('added', (event) => expectTypeOf(event.item).toEqualTypeOf<string>())
    // @ts-expect-error nothing of this name is emitted
    service.machine.on('removed', () => {})
  })

  test('shows its lifecycle', async () => {
    const { service } = await start()
    expectTypeOf(service.getSnapshot().value).toEqualTypeOf<
      'resuming' | 'running' | 'checkpointing' | 'paused' | 'failed' | 'stopped' | 'done'
    >()
    expectTypeOf(service).toExtend<Service<typeof machine>>()
  })
})

describe('a definition', () => {
  test('needs an id, a version and a machine', () => {
    // @ts-expect-error no version
    defineService({ id: 'x', machine })
    // @ts-expect-error a promise is no machine
    defineService({ id: 'x', version: 1, machine: fromPromise(async () => 1) })
    // @ts-expect-error no such policy
    defineService({ id: 'x', version: 1, machine, timers: 'never' })
  })
})

describe('a task', () => {
  const count = task(async ({ input, step, progress }: TaskScope<{ to: number }, number>) => {
    expectTypeOf(input.to).toEqualTypeOf<number>()
    expectTypeOf(progress.value).toEqualTypeOf<number | undefined>()
    const size = await step('size', () => 7)
    expectTypeOf(size).toEqualTypeOf<number>()
    const name = await step('name', async () => ({ text: 'a' }))
    expectTypeOf(name).toEqualTypeOf<{ text: string }>()
    // @ts-expect-error progress is a number here
    await progress.set('half')
    return `${size}`
  })

  test('gives its input and output types to a machine', () => {
    setup({ actors: { count }, types: { context: {} as { text: string } } }).createMachine({
      context: { text: '' },
      invoke: {
        src: 'count',
        input: { to: 3 },
        onDone: { actions: assign({ text: ({ event }) => event.output }) },
      },
    })
    setup({ actors: { count } }).createMachine({
      // @ts-expect-error its input has a number
      invoke: { src: 'count', input: { to: 'three' } },
    })
  })
})

describe('a service as an actor', () => {
  test('goes where XState’s helpers take an actor', async () => {
    const { service } = await start()
    const snapshot = await waitFor(service, ({ value }) => value === 'paused')
    expectTypeOf(snapshot.context.holds).toEqualTypeOf<readonly string[]>()
    assertType<Promise<unknown>>(toPromise(service))
    // What @xstate/react's useSelector asks for.
    const actor: Pick<AnyActorRef, 'subscribe' | 'getSnapshot'> = service
    const machine: Pick<AnyActorRef, 'subscribe' | 'getSnapshot'> = service.machine
    assertType([actor, machine])
  })
})
