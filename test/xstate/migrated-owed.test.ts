import { defineService, type MigrationSnapshot, renameIds } from 'tardigrade'
import { expect, test } from 'vitest'
import { type AnyStateMachine, fromCallback, fromPromise, sendTo, setup, stopChild } from 'xstate'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine({ id: 'm', ...config })

/** A service that dies when what an event decided is durable, and goes on with another machine. */
async function migrated(
  before: AnyStateMachine,
  after: AnyStateMachine,
  migrate: (snapshot: MigrationSnapshot) => MigrationSnapshot,
) {
  const first = new Life(defineService({ id: 'owed', version: 1, machine: before }))
  await first.cutOff(await first.start(), { type: 'GO' })
  const next = new Life(defineService({ id: 'owed', version: 2, machine: after, migrations: { 1: migrate } }))
  Object.assign(next, { store: first.store })
  const service = await next.start()
  return { service, next }
}

const ran: string[] = []
const child = make(
  { on: { GO: { actions: 'act' } } },
  { actions: { act: () => void ran.push('the child’s') } },
)
const go = { on: { GO: { actions: sendTo('kid', { type: 'GO' }) } } }
const withChild = make({ ...go, invoke: { src: 'child', id: 'kid' } }, { actors: { child } })
const leaving = make(
  {
    on: { GO: { actions: [sendTo('kid', { type: 'GO' }), stopChild('kid')] } },
    invoke: { src: 'child', id: 'kid' },
  },
  { actors: { child } },
)
const act = () => void ran.push('another’s')
const withoutChildren = (snapshot: MigrationSnapshot) => ({ ...snapshot, children: [] })

test.each<[string, AnyStateMachine, AnyStateMachine]>([
  ['whose actor is gone', withChild, make(go, { actions: { act } })],
  ['whose actor had ended, and is known by no name any more', leaving, make({}, { actions: { act } })],
  [
    'whose actor had ended, and is no machine any more',
    leaving,
    make({}, { actors: { child: fromPromise(async () => 1) }, actions: { act } }),
  ],
])('an action %s runs no other of its name, and somebody is told', async (_, before, after) => {
  ran.length = 0
  const { service, next } = await migrated(before, after, withoutChildren)
  expect(service.getSnapshot().value).toBe('running')
  expect(ran).toEqual([])
  expect(next.warnings).toMatchObject([
    {
      code: 'UNRUNNABLE_EFFECT',
      service: 'owed',
      key: 'life',
      effectKey: expect.stringMatching(/^owed\/life\//),
    },
  ])
  expect(next.failures).toEqual([])
})

test('a callback that is stopped now is not started, and hears nothing of what it was sent', async () => {
  const log: string[] = []
  const line = fromCallback(({ receive }) => {
    log.push('started')
    receive(({ type }) => void log.push(type))
  })
  const machine = make({ ...go, invoke: { src: 'line', id: 'kid' } }, { actors: { line } })
  const { service, next } = await migrated(machine, machine, (snapshot) => ({
    ...snapshot,
    children: snapshot.children.map((one) => ({ ...one, snapshot: { ...one.snapshot, status: 'stopped' } })),
  }))
  expect(log).toEqual(['started'])
  await service.send({ type: 'GO' })
  await service.settled()
  expect(log).toEqual(['started'])
  expect([next.failures, service.getSnapshot().value]).toEqual([[], 'running'])
})

const heard: string[] = []
const listens = (id: string) =>
  make(
    { on: { GO: { actions: sendTo(id, { type: 'HEAR' }) } }, invoke: { src: 'listener', id } },
    { actors: { listener: fromCallback(({ receive }) => receive(({ type }) => void heard.push(type))) } },
  )

test('an event that is owed to an actor that was renamed reaches it', async () => {
  heard.length = 0
  const { next } = await migrated(listens('one'), listens('two'), (snapshot) =>
    renameIds(snapshot, { one: 'two' }),
  )
  expect(heard).toEqual(['HEAR'])
  expect(next.warnings).toEqual([])
})

test('of an event that is owed to an actor that is gone somebody is told', async () => {
  heard.length = 0
  const { service, next } = await migrated(listens('one'), make({}), withoutChildren)
  expect(service.getSnapshot().value).toBe('running')
  expect(next.warnings).toMatchObject([{ code: 'UNRUNNABLE_EFFECT', effect: 'HEAR', service: 'owed' }])
})
