import { createSupervisor, defineService, type Service } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { emit, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { collected, isHeld } from '../kit/garbage.js'

const definition = defineService({
  id: 'timed',
  version: 1,
  machine: setup({ types: { emitted: {} as { type: 'ENDS' } } }).createMachine({
    id: 'timed',
    initial: 'waits',
    states: {
      waits: { after: { 1000: { target: 'ends', actions: emit({ type: 'ENDS' }) } } },
      ends: { type: 'final' },
    },
  }),
})

type Timed = Service<(typeof definition)['machine']>
/** As RxJS takes it where nobody has defined the symbol. */
const observableOf = (service: Timed): Pick<Timed, 'subscribe'> =>
  Reflect.get(service, '@@observable').call(service)

type Watch = (service: Timed, hear: (what: unknown) => void) => unknown

const ways: readonly (readonly [string, unknown, Watch])[] = [
  ['subscribes to it', 'done', (it, hear) => it.subscribe(({ value }) => hear(value))],
  ['selects from it', 'done', (it, hear) => it.select(({ value }) => value).subscribe(hear)],
  ['listens to its commands', 'letGo', (it, hear) => it.on('letGo', ({ type }) => hear(type))],
  ['subscribes to its machine', 'ends', (it, hear) => it.machine.subscribe(({ value }) => hear(value))],
  ['listens to its machine', 'ENDS', (it, hear) => it.machine.on('ENDS', ({ type }) => hear(type))],
  [
    'takes it for an observable',
    'done',
    (it, hear) => observableOf(it).subscribe(({ value }) => hear(value)),
  ],
]

async function started() {
  const clock = new ManualClock()
  const supervisor = await createSupervisor({ store: memoryStore(), clock, definitions: [definition] })
  const service = await supervisor.start(definition, { key: 'k' })
  await settle()
  return { clock, supervisor, service }
}

test.each(ways)(
  'whoever %s hears of all that comes, and keeps it awake until it leaves',
  async (_, what, watch) => {
    const { clock, supervisor, service } = await started()
    const first = watch(service, () => {}) as { unsubscribe(): void }
    expect(supervisor.letGoIdle()).toBe(0)
    first.unsubscribe()
    first.unsubscribe()
    const heard: unknown[] = []
    watch(service, (value) => void heard.push(value))
    expect(supervisor.letGoIdle()).toBe(0)
    await clock.advance(2000)
    expect(heard).toContain(what)
  },
)

test.each(ways)('whoever %s as it sleeps, and holds nothing of it, hears too', async (_, what, watch) => {
  const heard: unknown[] = []
  const watched = async () => {
    const { clock, supervisor, service } = await started()
    expect(supervisor.letGoIdle()).toBe(1)
    watch(service, (value) => void heard.push(value))
    return { clock, service: new WeakRef(service) }
  }
  const { clock, service } = await watched()
  expect(await isHeld(service)).toBe(true)
  await clock.advance(2000)
  expect(heard).toContain(what)
})

test.each(ways)('it is forgotten as ever when whoever %s leaves again', async (_, __, watch) => {
  const watched = async () => {
    const { supervisor, service } = await started()
    expect(supervisor.letGoIdle()).toBe(1)
    const subscription = watch(service, () => {}) as { unsubscribe(): void }
    subscription.unsubscribe()
    return { supervisor, service: new WeakRef(service) }
  }
  const { supervisor, service } = await watched()
  await collected(service)
  expect(supervisor.sleeping).toBe(1)
})

test.each([
  ['its machine', (it: Timed) => it.machine],
  ['what is selected from it', (it: Timed) => it.select(({ value }) => value)],
])('whoever holds %s alone holds the service that wakes', async (_, part) => {
  const sleeping = async () => {
    const { clock, supervisor, service } = await started()
    expect(supervisor.letGoIdle()).toBe(1)
    return { clock, service: new WeakRef(service), held: part(service) }
  }
  const { clock, service, held } = await sleeping()
  expect(await isHeld(service)).toBe(true)
  const heard: unknown[] = []
  held.subscribe(() => void heard.push('changed'))
  await clock.advance(2000)
  expect(heard).toContain('changed')
})
