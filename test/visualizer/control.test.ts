import { afterEach, expect, test } from 'vitest'
import type { ControlCommand } from '../../src/inspect/stream/message.js'
import { answered, ask, isWaiting, outcomes, unanswered } from '../../visualizer/src/shell/control.js'

afterEach(() => {
  outcomes.value = []
})

const send: ControlCommand = { type: 'send', key: 'hall', event: { type: 'PRESS' } }
const pause: ControlCommand = { type: 'pause', key: 'hall' }

function asked(command: ControlCommand): number {
  let id = 0
  ask((message) => (id = message.id), command, command.type)
  return id
}
const told = () => outcomes.value.map(({ what, status }) => `${what} ${status}`)

test('what hangs keeps nobody from asking for anything else', () => {
  const first = asked(send)
  expect(isWaiting(send)).toBe(true)
  expect(isWaiting({ ...send, key: 'cellar' })).toBe(false)
  expect(isWaiting(pause)).toBe(false)
  const second = asked(pause)
  answered({ type: 'controlled', id: second, ok: true, result: {} })
  expect(told()).toEqual(['send waiting', 'pause done'])
  expect(isWaiting(send)).toBe(true)
  // What is done makes room for the next.
  const third = asked({ type: 'checkpoint', key: 'hall' })
  answered({ type: 'controlled', id: third, ok: true, result: {} })
  expect(told()).toEqual(['send waiting', 'checkpoint done'])
  answered({ type: 'controlled', id: first, ok: false, problem: { code: 'X', message: 'No.' } })
  expect(told()).toEqual(['send refused', 'checkpoint done'])
})

test('a crash is done when it is answered or the connection ends with the process; a refusal is shown', () => {
  const refused = asked({ type: 'crash' })
  expect(told()).toEqual(['crash waiting'])
  answered({ type: 'controlled', id: refused, ok: false, problem: { code: 'X', message: 'Nobody listens.' } })
  expect(outcomes.value).toMatchObject([{ status: 'refused', why: 'Nobody listens.' }])
  // Beside the process, somebody is left to answer.
  const beside = asked({ type: 'crash' })
  answered({ type: 'controlled', id: beside, ok: true, result: { crashed: true } })
  expect(told()).toEqual(['crash done'])
  asked({ type: 'crash' })
  asked(pause)
  unanswered()
  expect(told()).toEqual(['crash done', 'pause refused'])
})

test('when the connection ends, no answer will come', () => {
  asked(send)
  asked(pause)
  unanswered()
  expect(told()).toEqual(['send refused', 'pause refused'])
  answered({ type: 'controlled', id: 99, ok: true, result: {} })
  expect(told()).toEqual(['send refused', 'pause refused'])
})
