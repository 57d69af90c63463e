import type { Service, Supervisor } from 'tardigrade'
import { defineService } from 'tardigrade'
import { useService, useServiceSelector } from 'tardigrade/react'
import { assertType, expectTypeOf, test } from 'vitest'
import { setup } from 'xstate'

const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: setup({ types: { context: {} as { n: number } } }).createMachine({
    context: { n: 0 },
    initial: 'off',
    states: { off: {}, on: {} },
  }),
})
const list = defineService({
  id: 'list',
  version: 1,
  machine: setup({ types: { input: {} as { first: string } } }).createMachine({}),
})
declare const supervisor: Supervisor

test('useService takes what start takes', () => {
  expectTypeOf(useService(supervisor, lamp)).toEqualTypeOf<Service<typeof lamp.machine>>()
  useService(Promise.resolve(supervisor), list, { key: 'k', input: { first: 'a' } })
  // @ts-expect-error the machine needs an input
  useService(supervisor, list)
  // @ts-expect-error no text
  useService(supervisor, list, { input: { first: 1 } })
  // @ts-expect-error no supervisor
  useService('supervisor', lamp)
})

test('useServiceSelector gives what its selector gives, of both machines', () => {
  const service = useService(supervisor, lamp)
  assertType<number>(useServiceSelector(service, ({ context }) => context.n))
  assertType<'off' | 'on'>(useServiceSelector(service, ({ value }) => value))
  assertType<boolean>(useServiceSelector(service, (_, lifecycle) => lifecycle.value === 'paused'))
  // @ts-expect-error no state of the lifecycle
  useServiceSelector(service, (_, lifecycle) => lifecycle.value === 'pausing')
  // @ts-expect-error nothing of the context
  useServiceSelector(service, ({ context }) => context.m)
})
