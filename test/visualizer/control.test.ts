import { afterEach, expect, test } from 'vitest'
import type { ControlCommand, ControlledMessage } from '../../src/inspect/stream/message.js'
import { isPast, resultText } from '../../visualizer/src/panes/outcome-text.js'
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
  unanswered(true)
  expect(told()).toEqual(['crash done', 'pause refused'])
})

test('the end of the process that serves the page is done when the connection ends, and beside it nobody knows', () => {
  asked({ type: 'stop' })
  unanswered(true)
  expect(told()).toEqual(['stop done'])
  asked({ type: 'stop' })
  unanswered(false)
  expect(told()).toEqual(['stop refused'])
})

test('when the connection ends, no answer will come', () => {
  asked(send)
  asked(pause)
  unanswered(true)
  expect(told()).toEqual(['send refused', 'pause refused'])
  answered({ type: 'controlled', id: 99, ok: true, result: {} })
  expect(told()).toEqual(['send refused', 'pause refused'])
})

test('what is done is of the past when the lifecycle has changed after it and somebody could read it; a refusal stays', () => {
  const asked = { id: 1, what: 'Pause', of: pause, askedAtMs: 9000 } as const
  const done = { ...asked, status: 'done', result: {}, atMs: 10_000 } as const
  expect(isPast(done, 10_000, 20_000)).toBe(false)
  expect(isPast(done, 10_001, 12_999)).toBe(false)
  expect(isPast(done, 10_001, 13_000)).toBe(true)
  const refused = { ...asked, status: 'refused', why: 'No.' } as const
  expect(isPast(refused, 10_001, 20_000)).toBe(false)
})

test('a kill that takes the place of another one says of which', () => {
  const arm = (state: string, replaced?: string) => {
    const id = asked({ type: 'interruptAt', key: 'hall', state })
    const told = replaced === undefined ? {} : { replaced }
    answered({ type: 'controlled', id, ok: true, result: { key: 'hall', state, ...told } })
    const last = outcomes.value.at(-1)
    return last?.status === 'done' ? resultText(last.result) : undefined
  }
  const armed = 'armed, until it is taken back'
  expect(arm('on')).toBe(armed)
  expect(arm('on', 'on')).toBe(armed)
  expect(arm('off', 'on')).toBe(`${armed}, in the place of the kill at on`)
})

test('what an application was sent is sent, and an end that some services were not brought to rest for says so', () => {
  const told = (command: ControlCommand, result: Extract<ControlledMessage, { ok: true }>['result']) => {
    const id = asked(command)
    answered({ type: 'controlled', id, ok: true, result })
    const last = outcomes.value.at(-1)
    return last?.status === 'done' ? resultText(last.result) : undefined
  }
  expect(told(send, { sent: true })).toBe('sent; what comes of it, the timeline tells')
  expect(told(send, { sent: true, outcome: 'applied' })).toBeUndefined()
  expect(told(send, { sent: true, outcome: 'unchanged' })).toMatch(
    /^it changed nothing: no transition took it/,
  )
  expect(told({ type: 'stop' }, { safe: 2, unsafe: [] })).toBeUndefined()
  const unsafe = [{ key: 'hall', message: 'No.' }]
  expect(told({ type: 'stop' }, { safe: 2, unsafe })).toBe('done, but 1 service did not come to rest')
})
