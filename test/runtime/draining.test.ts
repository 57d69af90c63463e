import fc from 'fast-check'
import { defineService, type Service } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, enqueueActions, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { stored } from '../kit/stored.js'

/** Hears what it is told, now and in time; what it is told to tell runs as an effect. */
function hearing(told: (what: string) => void = () => {}) {
  const machine = setup({
    types: {
      context: {} as { heard: readonly string[] },
      events: {} as
        | { type: 'HEAR'; what: string }
        | { type: 'SET'; what: string; delayMs: number; ends?: boolean }
        | { type: 'TELL'; what: string }
        | { type: 'END' },
    },
    actions: {
      hear: assign({
        heard: ({ context, event }) => ('what' in event ? [...context.heard, event.what] : context.heard),
      }),
      tell: (_, { what }: { what: string }) => told(what),
      set: enqueueActions(({ event, enqueue }) => {
        if (event.type !== 'SET') return
        const { what, delayMs, ends } = event
        enqueue.raise(ends ? { type: 'END' } : { type: 'HEAR', what }, { id: what, delay: delayMs })
      }),
    },
  }).createMachine({
    context: { heard: [] },
    initial: 'on',
    states: {
      on: {
        on: {
          HEAR: { actions: 'hear' },
          SET: { actions: 'set' },
          TELL: { actions: ['hear', { type: 'tell', params: ({ event }) => ({ what: event.what }) }] },
          END: 'off',
        },
      },
      off: { type: 'final' },
    },
  })
  return new Life(defineService({ id: 'hearing', version: 1, machine }))
}

type Hearing = Service<ReturnType<typeof hearing>['definition']['machine']>

const heard = (service: Hearing) => service.machine.getSnapshot().context.heard

describe('what waited in the inbox', () => {
  const timers = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 })
  const events = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 20 }), answered: fc.boolean() }), {
    maxLength: 6,
  })
  const rest = fc.integer({ min: 0, max: 40 })
  const how = fc.constantFrom('resume', 'kill', 'killTwice')

  test('comes in order, after the timers that were due before it, before what is sent meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(timers, events, rest, how, async (delays, sent, restMs, way) => {
        const life = hearing()
        let service = await life.start()
        for (const [index, delayMs] of delays.entries())
          await service.send({ type: 'SET', what: `timer ${index}`, delayMs })
        await service.pause()
        const beganAtMs = life.clock.now()
        const arrivals: number[] = []
        for (const [index, { afterMs }] of sent.entries()) {
          life.clock.jump(afterMs)
          arrivals.push(life.clock.now() - beganAtMs)
          await service.send({ type: 'HEAR', what: `event ${index}` })
          if (way === 'killTwice' && index === 1) service = await life.restart()
        }
        life.clock.jump(restMs)
        const nowMs = life.clock.now() - beganAtMs
        if (way !== 'resume') service = await life.restart()
        // Somebody who answers what he sees, at once.
        const answers: Promise<void>[] = []
        const seen = new Set<string>()
        service.machine.subscribe(({ context }) => {
          const what = context.heard.at(-1) ?? ''
          const [, index = ''] = what.split('event ')
          if (!sent[Number(index)]?.answered || index === '' || seen.has(what)) return
          seen.add(what)
          answers.push(service.send({ type: 'HEAR', what: `answer ${index}` }, { key: `answer ${index}` }))
        })
        await service.resume()
        await Promise.all(answers)

        const due = delays
          .map((delayMs, index) => ({ delayMs, what: `timer ${index}` }))
          .sort((a, b) => a.delayMs - b.delayMs)
        const dueUntil = (ms: number) => {
          const ready = due.filter(({ delayMs }) => delayMs <= ms)
          due.splice(0, ready.length)
          return ready.map(({ what }) => what)
        }
        const waited = arrivals.flatMap((atMs, index) => [...dueUntil(atMs), `event ${index}`])
        const answered = sent.flatMap((event, index) => (event.answered ? [`answer ${index}`] : []))
        const expected = [...waited, ...dueUntil(nowMs), ...answered]
        expect(heard(service)).toEqual(expected)
        // So it is stored, and nothing of it comes again.
        const again = await life.restart()
        expect(heard(again)).toEqual(expected)
        await life.clock.advance(100)
        expect(heard(again)).toEqual([...expected, ...dueUntil(100 + nowMs)])
      }),
      { numRuns: 200 },
    )
  })

  test('comes before what an owed effect sends as the service goes on', async () => {
    const answers: Promise<void>[] = []
    let service: Hearing | undefined
    const life = hearing((what) => {
      if (service !== undefined)
        answers.push(service.send({ type: 'HEAR', what: `answer to ${what}` }, { key: what }))
    })
    const first = await life.start()
    await life.cutOff(first, { type: 'TELL', what: 'owed' })
    // Held as it comes back, so that events wait while the effect is owed still.
    let thaw = async () => {}
    life.options = {
      host: (sink) => {
        void sink.interrupt('frozen')
        thaw = () => sink.release('frozen')
        return () => {}
      },
    }
    service = await life.start()
    expect(service.getSnapshot().value).toBe('paused')
    await service.send({ type: 'HEAR', what: 'one' })
    await service.send({ type: 'HEAR', what: 'two' })
    expect(answers).toEqual([])
    await thaw()
    await settle()
    await Promise.all(answers)
    expect([heard(service), answers.length]).toEqual([['owed', 'one', 'two', 'answer to owed'], 1])
  })

  test('stays what it was, though its sender uses the object again', async () => {
    const life = hearing()
    const service = await life.start()
    await service.pause()
    const event = { type: 'HEAR' as const, what: 'one' }
    await service.send(event)
    event.what = 'two'
    await service.send(event)
    await service.resume()
    await settle()
    expect(heard(service)).toEqual(['one', 'two'])
  })

  test.each(['an event of it', 'a timer'])('is not applied to a machine that has ended by %s', async (by) => {
    const life = hearing()
    const service = await life.start()
    if (by === 'a timer') await service.send({ type: 'SET', what: 'end', delayMs: 10, ends: true })
    await service.pause()
    await service.send({ type: 'HEAR', what: 'one' })
    if (by === 'an event of it') await service.send({ type: 'END' })
    life.clock.jump(20)
    await service.send({ type: 'HEAR', what: 'two' })
    await service.resume()
    await settle()
    expect([service.getSnapshot().value, heard(service)]).toEqual(['done', ['one']])
    // What nobody could apply is kept for whoever looks.
    const { phase, inbox } = await stored(life.store, life.definition, 'life')
    expect([phase, inbox]).toMatchObject(['done', [{ event: { what: 'two' } }]])
    expect(life.failures).toEqual([])
  })
})
