import fc from 'fast-check'
import { type Hold, type LifecycleEvent, lifecycleMachine } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type Actor, createActor } from 'xstate'
import { beginningLifecycle } from '../../src/service/lifecycle.js'

const boom = new Error('boom')
const hold = (name: string, deadlineMs = 100): LifecycleEvent => ({
  type: 'lifecycle.hold',
  hold: name,
  deadlineMs,
})
const holdBy = (by: string, name: string): LifecycleEvent => ({ ...hold(name), by }) as LifecycleEvent
const release = (name: string): LifecycleEvent => ({ type: 'lifecycle.release', hold: name })
const releaseBy = (by: string, name: string): LifecycleEvent => ({
  type: 'lifecycle.release',
  hold: name,
  by,
})
const stop: LifecycleEvent = { type: 'lifecycle.stop', deadlineMs: 300 }
const failed: LifecycleEvent = { type: 'lifecycle.failed', error: boom }
const checkpoint: LifecycleEvent = { type: 'lifecycle.checkpoint' }
/** The answer to the last round; `after` fills its number in. */
const durable: LifecycleEvent = { type: 'lifecycle.durable', round: -1 }
const revived: LifecycleEvent = { type: 'lifecycle.revived' }
const finished: LifecycleEvent = { type: 'lifecycle.finished' }
const retry: LifecycleEvent = { type: 'lifecycle.retry' }
const wake: LifecycleEvent = { type: 'lifecycle.wake' }

/** A lifecycle whose commands are written down and carried out by hand. */
function lifecycle(holds: readonly Hold[] = []) {
  const actor: Actor<typeof lifecycleMachine> = createActor(lifecycleMachine, { input: { key: 'k', holds } })
  let commands: string[] = []
  actor.on('*', (command) => {
    commands.push('deadlineMs' in command ? `interrupt ${command.deadlineMs}` : command.type)
  })
  actor.start()
  return {
    actor,
    get state() {
      return actor.getSnapshot().value
    },
    get context() {
      return actor.getSnapshot().context
    },
    /** Sends them, and answers with the state and the commands since the last time. */
    after(...events: readonly LifecycleEvent[]): [string, ...string[]] {
      for (const event of events) {
        const { round } = actor.getSnapshot().context
        actor.send(event === durable ? { type: 'lifecycle.durable', round } : event)
      }
      const since = commands
      commands = []
      return [actor.getSnapshot().value, ...since]
    },
  }
}

/** One brought to a state, with its commands forgotten. */
function at(...events: readonly LifecycleEvent[]) {
  const one = lifecycle()
  one.after(...events)
  return one
}

describe('resuming', () => {
  test('is where every service begins, and asks for the checkpoint', () => {
    expect(lifecycle().after()).toEqual(['resuming', 'revive'])
  })

  test('revived, nothing holds it: it runs', () => {
    expect(at().after(revived)).toEqual(['running', 'run'])
  })

  test('revived, something holds it: it rests without having run', () => {
    expect(lifecycle([{ name: 'offline', by: 'host 1' }]).after(revived)).toEqual([
      'paused',
      'revive',
      'letGo',
    ])
    expect(at(hold('user')).after(revived)).toEqual(['paused', 'letGo'])
  })

  test('a hold that was released meanwhile holds nothing', () => {
    expect(at(hold('user'), release('user')).after(revived)).toEqual(['running', 'run'])
  })

  test('revived, stopping: it makes that durable and stops, whatever holds it', () => {
    const one = at(stop, hold('user'))
    expect(one.after(revived)).toEqual(['checkpointing', 'checkpoint'])
    expect(one.after(durable)).toEqual(['stopped', 'letGo'])
  })

  test('cannot be revived: it fails, and says why', () => {
    const one = at()
    expect(one.after(failed)).toEqual(['failed', 'letGo'])
    expect(one.context.failure).toBe(boom)
  })

  test('already finished: done', () => {
    expect(at().after(finished)).toEqual(['done', 'letGo'])
    expect(at(hold('user')).after(finished)).toEqual(['done', 'letGo'])
  })
})

describe('running', () => {
  test('an interruption tells the tasks, with its deadline', () => {
    expect(at(revived).after(hold('user', 70))).toEqual(['checkpointing', 'interrupt 70'])
  })

  test('so does a stop, with its own', () => {
    expect(at(revived).after(stop)).toEqual(['checkpointing', 'interrupt 300'])
  })

  test('an explicit checkpoint tells nobody', () => {
    expect(at(revived).after(checkpoint)).toEqual(['checkpointing', 'checkpoint'])
  })

  test('the machine finished: done', () => {
    expect(at(revived).after(finished)).toEqual(['done', 'letGo'])
  })

  test('an error of machine or store: failed', () => {
    expect(at(revived).after(failed)).toEqual(['failed', 'letGo'])
  })

  test('it slept and is needed: it resumes', () => {
    expect(at(revived).after(wake)).toEqual(['resuming', 'revive'])
  })
})

describe('checkpointing', () => {
  test('durable and held: paused', () => {
    expect(at(revived, hold('user')).after(durable)).toEqual(['paused', 'letGo'])
  })

  test('durable and stopping: stopped, whatever holds it', () => {
    expect(at(revived, stop).after(durable)).toEqual(['stopped', 'letGo'])
    expect(at(revived, hold('user'), stop).after(durable)).toEqual(['stopped', 'letGo'])
    expect(at(revived, stop, hold('user')).after(durable)).toEqual(['stopped', 'letGo'])
  })

  test('durable and neither: it runs on, and nothing was taken from memory', () => {
    expect(at(revived, checkpoint).after(durable)).toEqual(['running', 'drain'])
  })

  test('released before it was durable: the tasks were told, so it resumes', () => {
    expect(at(revived, hold('user'), release('user')).after(durable)).toEqual(['resuming', 'letGo', 'revive'])
  })

  test('a release of what the record may name already has it written anew', () => {
    const one = at(revived, hold('user', 7), holdBy('host', 'offline'))
    const { round } = one.context
    expect(one.after(release('user'))).toEqual(['checkpointing', 'interrupt 100'])
    expect(one.after({ type: 'lifecycle.durable', round }), 'an answer to the round before').toEqual([
      'checkpointing',
    ])
    expect(one.after(durable)).toEqual(['paused', 'letGo'])
  })

  test('so does one while a paused service stops', () => {
    const one = at(hold('user'), revived, stop)
    expect(one.after(release('user'), durable)).toEqual(['stopped', 'checkpoint', 'letGo'])
  })

  test('a release of what no record names has nothing written', () => {
    const one = at(revived, hold('user'), holdBy('host', 'offline'), hold('offline'))
    expect(one.after(releaseBy('host', 'offline'), release('offline'), release('other'))).toEqual([
      'checkpointing',
    ])
  })

  test('an interruption during an explicit checkpoint tells the tasks; each further one its own deadline', () => {
    const one = at(revived, checkpoint)
    expect(one.after(hold('user', 5))).toEqual(['checkpointing', 'interrupt 5'])
    expect(one.after(hold('offline', 6), stop)).toEqual(['checkpointing', 'interrupt 6', 'interrupt 300'])
    expect(one.after(durable)).toEqual(['stopped', 'letGo'])
  })

  test('an answer to an earlier round is no answer: the tasks keep their grace', () => {
    const one = at(revived, checkpoint)
    const { round } = one.context
    expect(one.after(hold('user', 5))).toEqual(['checkpointing', 'interrupt 5'])
    expect(one.after({ type: 'lifecycle.durable', round })).toEqual(['checkpointing'])
    expect(one.after(durable)).toEqual(['paused', 'letGo'])
  })

  test('each interruption and each checkpoint has a round of its own', () => {
    const rounds = new Set<number>()
    const one = lifecycle()
    one.actor.on('*', (command) => 'round' in command && rounds.add(command.round))
    one.after(revived, checkpoint, durable, hold('a'), hold('b'), stop)
    expect([...rounds]).toEqual([1, 2, 3, 4])
  })

  test('a stop during an explicit checkpoint tells the tasks', () => {
    expect(at(revived, checkpoint).after(stop, durable)).toEqual(['stopped', 'interrupt 300', 'letGo'])
  })

  test('the machine finished meanwhile: done', () => {
    expect(at(revived, hold('user')).after(finished)).toEqual(['done', 'letGo'])
  })

  test('the store failed meanwhile: failed', () => {
    expect(at(revived, hold('user')).after(failed)).toEqual(['failed', 'letGo'])
  })

  test('the next life tells its tasks anew', () => {
    const one = at(revived, hold('user'), durable, release('user'), revived)
    expect(one.after(checkpoint, durable)).toEqual(['running', 'checkpoint', 'drain'])
    expect(one.after(hold('user', 9))).toEqual(['checkpointing', 'interrupt 9'])
  })
})

describe('paused', () => {
  const paused = (...holds: string[]) => at(revived, ...holds.map((name) => hold(name)), durable)

  test('the last hold released: it resumes', () => {
    const one = paused('user', 'offline')
    expect(one.after(release('user'))).toEqual(['paused'])
    expect(one.after(release('offline'))).toEqual(['resuming', 'revive'])
  })

  test('a hold is one, however often it is set', () => {
    const one = paused('user')
    expect(one.after(hold('user'), hold('user'), release('user'))).toEqual(['resuming', 'revive'])
  })

  test('a release of what does not hold it changes nothing', () => {
    expect(paused('user').after(release('offline'))).toEqual(['paused'])
  })

  test('a hold that several have set is in force until the last of them releases it', () => {
    const one = paused('offline')
    one.after(holdBy('host 1', 'offline'), holdBy('host 2', 'offline'))
    expect(one.context.holds).toEqual(['offline'])
    expect(one.after(releaseBy('host 1', 'offline'), release('offline'))).toEqual(['paused'])
    expect(one.context.holders).toEqual([{ name: 'offline', by: 'host 2' }])
    expect(one.after(releaseBy('host 2', 'offline'))).toEqual(['resuming', 'revive'])
    expect(one.context).toMatchObject({ holds: [], holders: [] })
  })

  test('nobody releases what another has set', () => {
    const one = paused('user')
    expect(one.after(releaseBy('host 1', 'user'))).toEqual(['paused'])
    const held = lifecycle([{ name: 'offline', by: 'host 1' }])
    held.after(revived)
    expect(held.after(release('offline'), releaseBy('host 2', 'offline'))).toEqual(['paused'])
    expect(held.after(releaseBy('host 1', 'offline'))).toEqual(['resuming', 'revive'])
  })

  test('the names of its holds are the same list while they are the same names', () => {
    const one = paused('user')
    const { holds } = one.context
    one.after(holdBy('host 1', 'user'))
    expect(one.context.holds).toBe(holds)
    one.after(release('user'))
    expect(one.context.holds).toBe(holds)
  })

  test('a stop makes the new phase durable before it stops', () => {
    const one = paused('user')
    expect(one.after(stop)).toEqual(['checkpointing', 'checkpoint'])
    expect(one.after(durable)).toEqual(['stopped', 'letGo'])
  })

  test.each([checkpoint, wake, retry, revived, durable])('%j means nothing to it', (event) => {
    expect(paused('user').after(event)).toEqual(['paused'])
  })
})

describe('failed', () => {
  const broken = () => at(revived, failed)

  test('a retry forgets the failure and resumes', () => {
    const one = broken()
    expect(one.after(retry)).toEqual(['resuming', 'revive'])
    expect(one.context.failure).toBeUndefined()
  })

  test('a stop stops', () => {
    expect(broken().after(stop)).toEqual(['stopped', 'letGo'])
  })

  test('the first failure is the one that is told', () => {
    const one = broken()
    expect(one.after({ type: 'lifecycle.failed', error: new Error('later') })).toEqual(['failed'])
    expect(one.context.failure).toBe(boom)
  })

  test('holds still add up, and hold what was retried', () => {
    const one = broken()
    expect(one.after(hold('user'), retry, revived)).toEqual(['paused', 'revive', 'letGo'])
  })
})

describe.each(['stopped', 'done'] as const)('%s', (state) => {
  test('is the end', () => {
    const one = state === 'done' ? at(revived, finished) : at(revived, stop, durable)
    expect(one.state).toBe(state)
    expect(one.actor.getSnapshot().status).toBe('done')
  })
})

describe('at random', () => {
  const name = fc.constantFrom('user', 'offline', 'frozen')
  const by = fc.constantFrom('program', 'host 1', 'host 2')
  const event: fc.Arbitrary<LifecycleEvent> = fc.oneof(
    fc.record({ type: fc.constant('lifecycle.hold' as const), hold: name, by, deadlineMs: fc.nat(9) }),
    fc.record({ type: fc.constant('lifecycle.release' as const), hold: name, by }),
    fc.constantFrom(checkpoint, retry, wake, revived, durable),
    fc.constantFrom(stop, failed, finished),
  )
  const ended = (value: string) => value === 'stopped' || value === 'done'

  test('holds add up, each is released by who set it; commands match the states', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const one = at()
        // By holder and name.
        const holders = new Set<string>()
        let stopping = false
        let previous: string = one.state
        for (const next of events) {
          if (ended(one.state)) break
          const [state, ...commands] = one.after(next)
          if (next.type === 'lifecycle.hold') holders.add(`${next.by}/${next.hold}`)
          if (next.type === 'lifecycle.release') holders.delete(`${next.by}/${next.hold}`)
          const holds = new Set([...holders].map((each) => each.slice(each.indexOf('/') + 1)))
          if (next.type === 'lifecycle.stop') stopping = true
          // A stop that failed is over when the failure is.
          if (next.type === 'lifecycle.retry' && previous === 'failed') stopping = false
          expect(new Set(one.context.holds)).toEqual(holds)
          expect(one.context.holds).toHaveLength(holds.size)
          expect(new Set(one.context.holders.map((each) => `${each.by}/${each.name}`))).toEqual(holders)
          expect(one.context.stopping).toBe(stopping)
          // It runs only while nothing holds it, and rests only while something does.
          if (state === 'running') expect(holds.size).toBe(0)
          if (state === 'paused') expect(holds.size).toBeGreaterThan(0)
          if (state === 'failed') expect(one.context.failure).toBe(boom)
          else if (state !== 'stopped') expect(one.context.failure).toBeUndefined()
          // Reviving once for every time it begins to resume, and never while it lives.
          expect(commands.filter((command) => command === 'revive')).toHaveLength(
            state === 'resuming' && previous !== 'resuming' ? 1 : 0,
          )
          if (commands.includes('run')) expect([previous, state]).toEqual(['resuming', 'running'])
          if (commands.some((command) => /^interrupt|^checkpoint$/.test(command))) {
            expect(state).toBe('checkpointing')
          }
          previous = state
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('whatever came before, the runtime’s answers bring it to rest, and releases bring it back to work', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const one = lifecycle()
        for (const next of events) if (!ended(one.state)) one.after(next)
        // The runtime answers every command that is open; four answers suffice from anywhere.
        const answer = () => {
          for (let turn = 0; turn < 4; turn++) {
            if (one.state === 'resuming') one.after(revived)
            if (one.state === 'checkpointing') one.after(durable)
          }
        }
        answer()
        expect(['running', 'paused', 'stopped', 'failed', 'done']).toContain(one.state)
        if (one.state === 'failed') one.after(retry)
        answer()
        if (!ended(one.state)) {
          for (const { name, by } of one.context.holders) one.after(releaseBy(by, name))
        }
        answer()
        expect(['running', 'stopped', 'done']).toContain(one.state)
        if (one.state === 'running') {
          one.after(stop)
          answer()
          expect(one.state).toBe('stopped')
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the snapshot in which a lifecycle begins', () => {
  const user = { name: 'user', by: 'the program' }
  test.each([[[]], [[user]], [[user, { name: 'offline', by: 'a host' }]]])(
    'is the one that XState computes, with holds %j',
    (holds: Hold[]) => {
      const input = { key: 'k', holds }
      const computed = createActor(lifecycleMachine, { input })
      expect(beginningLifecycle('k', holds)).toEqual(computed.getPersistedSnapshot())
      const restored = createActor(lifecycleMachine, { input, snapshot: beginningLifecycle('k', holds) })
      for (const actor of [computed, restored]) actor.start().send({ type: 'lifecycle.revived' })
      expect(restored.getPersistedSnapshot()).toEqual(computed.getPersistedSnapshot())
    },
  )
})
