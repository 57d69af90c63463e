import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { machinesAsServices } from '../../src/testing/machines-as-services.js'

const machine = createMachine({ id: 'lamp' })
const service = defineService({ id: 'hall', version: 1, machine })

test('beside services, machines are their parts, unless one is asked for', () => {
  expect(machinesAsServices({ service, machine }, undefined)).toEqual({ service, machine })
  expect(machinesAsServices({ service, machine }, 'machine').machine).toMatchObject({
    id: 'lamp',
    version: 1,
  })
})

test('a machine of two names is one service', () => {
  const { default: one, lamp } = machinesAsServices({ default: machine, lamp: machine }, undefined)
  expect(one).toMatchObject({ id: 'lamp', machine })
  expect(lamp).toBe(one)
})
