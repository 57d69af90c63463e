import { createSupervisor, defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, fromCallback, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { opened } from '../kit/stored.js'

/** Counts what it is sent, and what a connection of its own tells it, which no promise answers. */
function ticking() {
  let tell = () => {}
  const machine = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'ADD' | 'TICK' } },
    actors: {
      ticks: fromCallback(({ sendBack }) => {
        tell = () => sendBack({ type: 'TICK' })
      }),
    },
  }).createMachine({
    context: { n: 0 },
    invoke: { src: 'ticks', id: 'ticks' },
    on: { '*': { actions: assign({ n: ({ context }) => context.n + 1 }) } },
  })
  return { definition: defineService({ id: 'ticking', version: 1, machine }), tell: () => tell() }
}

const calls = ['checkpoint', 'pause', 'resume'] as const
type Call = (typeof calls)[number]

/** What happens between two calls: nothing, an event, a message of the connection, a commit that lands. */
const gaps = ['nothing', 'send', 'tick', 'commit'] as const
type Gap = (typeof gaps)[number]

/** Makes the calls, on a store that takes one commit at a time; checks what is durable when each is answered. */
async function run(from: 'running' | 'paused', plan: readonly (Call | Gap)[]) {
  const store = new FaultyStore()
  const { definition, tell } = ticking()
  const supervisor = await createSupervisor({ store, clock: new ManualClock() })
  const service = await supervisor.start(definition)
  if (from === 'paused') await service.pause()
  await settle()
  store.shut()

  const durable = () => {
    const { phase, holds, root, inbox } = opened(store.durable.get('ticking')?.text ?? '', definition)
    const { n } = root.snapshot.context as { n: number }
    return { phase, holds, events: n + inbox.length }
  }
  /** How many events it had taken, and what was called last. */
  let taken = 0
  let last: Call | undefined
  let changes = 0
  const answers: Promise<void>[] = []

  const call = async (name: Call) => {
    const before = taken
    if (name !== 'checkpoint') {
      last = name
      changes++
    }
    const change = changes
    await service[name]()
    const { phase, holds, events } = durable()
    expect(events, `${name}: events`).toBeGreaterThanOrEqual(before)
    // A checkpoint promises no more, and a later call may have taken it back.
    if (name === 'checkpoint' || change !== changes) return
    expect([phase, holds], name).toEqual(name === 'pause' ? ['paused', ['user']] : ['running', []])
  }
  const happen = async (what: Gap) => {
    if (what === 'send') {
      const ordinal = ++taken
      answers.push(
        service.send({ type: 'ADD' }).then(() => expect(durable().events).toBeGreaterThanOrEqual(ordinal)),
      )
    } else if (what === 'tick') {
      const { n } = service.machine.getSnapshot().context
      tell()
      // A connection that is cut off is heard by nobody.
      taken += service.machine.getSnapshot().context.n - n
    } else if (what === 'commit') {
      store.step()
      await settle()
    }
  }

  for (const one of plan) {
    if (gaps.includes(one as Gap)) await happen(one as Gap)
    else answers.push(call(one as Call))
  }
  let open = true
  const answered = Promise.allSettled(answers).then((all) => {
    open = false
    for (const answer of all) if (answer.status === 'rejected') throw answer.reason
  })
  for (let commit = 0; open && commit < 20; commit++) await happen('commit')
  expect(open, 'somebody waits in vain').toBe(false)
  await answered
  await settle()
  const rests = last === 'pause' || (last === undefined && from === 'paused')
  expect(service.getSnapshot().value).toBe(rests ? 'paused' : 'running')
  expect(durable()).toEqual({
    phase: rests ? 'paused' : 'running',
    holds: rests ? ['user'] : [],
    events: taken,
  })
  if (!rests) expect(service.machine.getSnapshot().context.n).toBe(taken)
}

describe.each(['running', 'paused'] as const)('from %s', (from) => {
  describe.each(calls)('%s first', (first) => {
    test.each(calls)('then %s: each is answered when what it promises is durable', async (second) => {
      for (const third of calls) {
        for (const one of gaps) {
          for (const two of gaps) {
            const plan = [first, one, second, two, third]
            await run(from, plan).catch((error: Error) => {
              error.message = `${plan.join(', ')}: ${error.message}`
              throw error
            })
          }
        }
      }
    })
  })
})

test('each of several holds is durable when its pause or resume is answered', async () => {
  const store = new FaultyStore()
  const { definition } = ticking()
  const service = await (await createSupervisor({ store, clock: new ManualClock() })).start(definition)
  const stored = () => opened(store.durable.get('ticking')?.text ?? '', definition)
  await service.pause('user')
  await service.pause('maintenance')
  expect(stored()).toMatchObject({ phase: 'paused', holds: ['user', 'maintenance'] })
  await service.resume('user')
  expect(stored()).toMatchObject({ phase: 'paused', holds: ['maintenance'] })
  await service.resume('maintenance')
  expect(stored()).toMatchObject({ phase: 'running', holds: [] })
})
