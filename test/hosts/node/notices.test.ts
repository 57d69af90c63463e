import { expect, test } from 'vitest'
import { type Notice, watchNotices } from '../../../src/hosts/node/notices.js'
import { machine } from './machine.js'

test('a cloud is asked again and again, until it takes the machine away; an answer that fails is none', async () => {
  const { world, clock } = machine()
  const answers: (() => Promise<Notice | undefined>)[] = [
    async () => undefined,
    async () => {
      throw new Error('404')
    },
    async () => ({ deadlineMs: 120_000 }),
  ]
  const heard: Notice[] = []
  let asked = 0
  const ask = () => answers[asked++]?.() ?? Promise.resolve(undefined)
  watchNotices({ ask }, world, (notice) => void heard.push(notice))
  await clock.advance(14_999)
  expect([asked, heard]).toEqual([2, []])
  await clock.advance(1)
  expect(heard).toEqual([{ deadlineMs: 120_000 }])
  await clock.advance(60_000)
  expect([asked, clock.pending]).toEqual([3, 0])
})

test('no answer is waited for by the next question, and none is heard after the end', async () => {
  const { world, clock } = machine()
  let answer: (notice: Notice) => void = () => {}
  let asked = 0
  const ask = () => {
    asked++
    return new Promise<Notice>((resolve) => (answer = resolve))
  }
  const heard: Notice[] = []
  const end = watchNotices({ ask, everyMs: 10 }, world, (notice) => void heard.push(notice))
  await clock.advance(1000)
  expect(asked).toBe(1)
  end()
  answer({})
  await clock.advance(1000)
  expect([asked, heard]).toEqual([1, []])
})
