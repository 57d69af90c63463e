import * as fc from 'fast-check'
import { lifecycleMachine } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, and, assign, createMachine, not, or, raise, stateIn } from 'xstate'
import { makeLane } from '../../../machines/outbox/lane.js'
import { makeOutboxMachine } from '../../../machines/outbox/machine.js'
import { makeSyncMachine } from '../../../machines/sync/machine.js'
import { transferMachine } from '../../../machines/transfer/machine.js'
import type { ChartState } from '../../../src/inspect/chart/chart.js'
import { chartOf, chartOfConfig } from '../../../src/inspect/chart/chart-of.js'
import { allNodes } from '../../../src/service/walk.js'

const delivery = { now: () => 0, credentials: () => ({}) }
const MACHINES: readonly (readonly [string, AnyStateMachine])[] = [
  ['lifecycle', lifecycleMachine],
  ['transfer', transferMachine],
  ['outbox', makeOutboxMachine(delivery)],
  ['lane', makeLane(delivery)],
  // Its options are of no account for the chart.
  ['sync', makeSyncMachine({} as never)],
]

function statesOf(state: ChartState): readonly ChartState[] {
  return [state, ...(state.states ?? []).flatMap(statesOf)]
}

/** Machine and chart, told in the same words. */
function asXStateHasIt(machine: AnyStateMachine) {
  return allNodes(machine).map((node) => ({
    id: node.id,
    type: node.type,
    invoke: node.invoke.map(({ id }) => id),
    transitions: [...node.transitions.values(), ...(node.always === undefined ? [] : [node.always])]
      .flat()
      .map((transition) => ({
        event: transition.eventType,
        targets: (transition.target ?? []).map(({ id }) => id),
        actions: transition.actions.length,
        guarded: transition.guard !== undefined,
      }))
      .sort(byText),
  }))
}

function asTheChartHasIt(machine: AnyStateMachine) {
  return statesOf(chartOf(machine).root).map((state) => ({
    id: state.id,
    type: state.type,
    invoke: (state.invoke ?? []).map(({ id }) => id),
    transitions: (state.transitions ?? [])
      .map(({ event, targets = [], actions = [], guard }) => ({
        event,
        targets: [...targets],
        actions: actions.length,
        guarded: guard !== undefined,
      }))
      .sort(byText),
  }))
}

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

describe('the chart of a machine', () => {
  test.each(MACHINES)('%s has the states, transitions and targets that XState resolves', (_, machine) => {
    expect(asTheChartHasIt(machine)).toEqual(asXStateHasIt(machine))
  })

  test.each(MACHINES)(
    '%s is JSON, with ids that are there once, and the same when it is made again',
    (_, machine) => {
      const chart = chartOf(machine)
      expect(JSON.parse(JSON.stringify(chart))).toEqual(chart)
      const states = statesOf(chart.root)
      const ids = states.flatMap(({ id, transitions = [] }) => [
        id,
        ...transitions.map((transition) => transition.id),
      ])
      expect(new Set(ids).size).toBe(ids.length)
      expect(chartOf(machine)).toEqual(chart)
      expect(chart.left).toBeUndefined()
    },
  )

  test('the lifecycle’s states have their descriptions, guards and actions by name', () => {
    const { root } = chartOf(lifecycleMachine)
    const checkpointing = root.states?.find(({ key }) => key === 'checkpointing')
    expect(checkpointing?.description).toMatch(/Waiting for the tasks/)
    const release = checkpointing?.transitions?.filter(({ event }) => event === 'lifecycle.release')
    expect(release?.map(({ guard, actions }) => [guard, actions?.join(' ')])).toEqual([
      ['kept and tasksTold', 'removeHold nextRound interrupt'],
      ['kept', 'removeHold nextRound checkpoint'],
      [undefined, 'removeHold'],
    ])
    expect(root.transitions?.find(({ event }) => event === 'lifecycle.failed')?.targets).toEqual([
      'service.failed',
    ])
    expect(root.initial).toBe('service.resuming')
  })

  test('every kind of state, trigger and target has its place', () => {
    const machine = createMachine(
      {
        id: 'all',
        type: 'parallel',
        states: {
          left: {
            id: 'port',
            initial: 'a',
            onDone: { actions: 'cheer' },
            states: {
              a: {
                tags: ['busy'],
                entry: ['hello', assign({})],
                exit: { type: 'bye', params: { much: true } },
                on: { GO: '#port.b', BACK: { target: 'back' }, HERE: { target: 'a', reenter: true } },
                after: { 500: 'b', soon: 'b', later: '#starboard.x' },
              },
              b: { type: 'final' },
              back: { type: 'history', history: 'deep', target: 'a' },
            },
          },
          right: {
            id: 'starboard',
            invoke: {
              id: 'kid',
              src: createMachine({ id: 'kid' }),
              onDone: { actions: raise({ type: 'GO' }) },
            },
            on: {
              '*': { actions: () => {} },
              IN: { target: '.x', guard: not(or(['one', and(['two', stateIn('#port')])])) },
            },
            initial: 'x',
            states: { x: { always: { guard: () => false, target: 'x' } } },
          },
        },
      },
      { delays: { soon: 250, later: () => 1000 } },
    )
    const states = new Map(statesOf(chartOf(machine).root).map((state) => [state.id, state]))
    const at = (id: string) => states.get(id)?.transitions ?? []
    expect(states.get('all')?.type).toBe('parallel')
    expect(states.get('all.left.back')).toMatchObject({ type: 'history', history: 'deep' })
    expect(states.get('all.left.b')?.type).toBe('final')
    expect(states.get('all.left.a')).toMatchObject({
      tags: ['busy'],
      entry: ['hello', 'assign'],
      exit: ['bye'],
    })
    expect(at('all.left.a').map(({ trigger, targets, reenter }) => [trigger, targets?.[0], reenter])).toEqual(
      [
        [{ type: 'event', event: 'GO' }, 'all.left.b', undefined],
        [{ type: 'event', event: 'BACK' }, 'all.left.back', undefined],
        [{ type: 'event', event: 'HERE' }, 'all.left.a', true],
        [{ type: 'after', delay: '500', delayMs: 500 }, 'all.left.b', undefined],
        [{ type: 'after', delay: 'soon', delayMs: 250 }, 'all.left.b', undefined],
        [{ type: 'after', delay: 'later' }, 'all.right.x', undefined],
      ],
    )
    expect(at('port')).toMatchObject([{ trigger: { type: 'done' }, actions: ['cheer'] }])
    expect(at('starboard')).toMatchObject([
      { actions: ['inline'] },
      { guard: 'not (one or (two and in #port))' },
      { trigger: { type: 'done-actor', actor: 'kid', src: 'kid' }, actions: ['raise GO'] },
    ])
    expect(states.get('starboard')?.invoke).toEqual([{ id: 'kid', src: 'kid' }])
    expect(at('all.right.x')).toMatchObject([{ trigger: { type: 'always' }, guard: 'inline' }])
  })

  test('states whose keys hold dots are found', () => {
    const config = {
      id: 'm',
      states: { 'a.b': { on: { X: '#c', Y: 'a\\.b' } }, a: { states: { b: { id: 'c' } } } },
    }
    const [, dotted] = statesOf(chartOfConfig(config).root)
    expect(dotted?.id).toBe('m.a.b')
    expect(dotted?.transitions?.map(({ targets }) => targets)).toEqual([['c'], ['m.a.b']])
  })

  test('states of one id can be told from one another', () => {
    const states = statesOf(
      chartOfConfig({ id: 'm', states: { a: { id: 'x' }, b: { id: 'x' }, c: { id: 'm' } } }).root,
    )
    expect(states.map(({ id }) => id)).toEqual(['m', 'x', 'x~2', 'm~2'])
  })

  test('a target that is not there is named', () => {
    const chart = chartOfConfig({ id: 'm', states: { a: { on: { X: ['nowhere'] } } } })
    expect(chart.root.states?.[0]?.transitions).toMatchObject([{ unknownTargets: [expect.any(String)] }])
  })

  test('what is beyond the bounds is counted', () => {
    const states = Object.fromEntries(
      Array.from({ length: 3000 }, (_, at) => [`s${at}`, { on: { NEXT: `s${at + 1}` } }]),
    )
    const chart = chartOfConfig({ id: 'wide', initial: 's0', states })
    expect(statesOf(chart.root)).toHaveLength(2000)
    expect(chart.left).toEqual({ states: 1001, transitions: 0 })
    const on = Object.fromEntries(Array.from({ length: 21_000 }, (_, at) => [`E${at}`, {}]))
    expect(chartOfConfig({ id: 'busy', on }).left).toEqual({ states: 0, transitions: 1000 })
    let deep: object = {}
    for (let at = 0; at < 5000; at++) deep = { states: { in: deep } }
    expect(chartOfConfig({ id: 'deep', ...deep }).left?.states).toBe(1)
    const { root } = chartOfConfig({ id: 'x'.repeat(10_000) })
    expect([root.key.length, root.id.length]).toEqual([200, 1000])
  })

  test('any JSON at all gives a chart', () => {
    const state = fc.letrec((tie) => ({
      state: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ maxDepth: 3 }),
        fc.record(
          {
            id: fc.jsonValue({ maxDepth: 1 }),
            type: fc.constantFrom('parallel', 'final', 'history', 'other', 1),
            initial: fc.jsonValue({ maxDepth: 1 }),
            states: fc.oneof(fc.dictionary(fc.string(), tie('state')), fc.jsonValue({ maxDepth: 2 })),
            on: fc.jsonValue(),
            after: fc.jsonValue(),
            always: fc.jsonValue(),
            invoke: fc.jsonValue(),
            entry: fc.jsonValue(),
            tags: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
    })).state
    fc.assert(
      fc.property(state, (config) => {
        const chart = chartOfConfig(config)
        expect(JSON.parse(JSON.stringify(chart))).toEqual(chart)
      }),
    )
  })
})
