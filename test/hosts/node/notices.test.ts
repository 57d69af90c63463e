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

test.each<[string, () => unknown]>([
  ['null', async () => null],
  ['a number', async () => 5],
  ['nothing at all', () => undefined],
  [
    'what it throws',
    () => {
      throw new Error('no network')
    },
  ],
])('%s is no notice, and it is asked again', async (_, first) => {
  const { world, clock } = machine()
  let asked = 0
  // Whoever writes plain JavaScript has no type that tells.
  const ask = (() => (asked++ === 0 ? first() : Promise.resolve({}))) as () => Promise<Notice>
  const heard: Notice[] = []
  watchNotices({ ask }, world, (notice) => void heard.push(notice))
  await clock.advance(5000)
  expect([asked, heard]).toEqual([1, []])
  await clock.advance(5000)
  expect([asked, heard]).toEqual([2, [{}]])
})

test.each<[unknown, Notice]>([
  [{ deadlineMs: -5000 }, { deadlineMs: 0 }],
  [{ deadlineMs: Number.NaN }, {}],
  [{ deadlineMs: '2026-11-27' }, {}],
  [{ deadlineMs: null }, {}],
  [{ deadlineMs: Number.POSITIVE_INFINITY }, {}],
])('a notice of %o is heard as %o', async (told, expected) => {
  const { world, clock } = machine()
  const heard: Notice[] = []
  // Whoever parses JSON has `any` where a notice was promised.
  watchNotices({ ask: async () => told as Notice }, world, (notice) => void heard.push(notice))
  await clock.advance(5000)
  expect(heard).toEqual([expected])
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

test.each([Number.POSITIVE_INFINITY, 2 ** 31])(
  'a cloud that is to be asked every %d ms is not asked without pause',
  async (everyMs) => {
    const { world, clock } = machine()
    let asked = 0
    const end = watchNotices({ ask: async () => void asked++, everyMs }, world, () => {})
    await clock.advance(2 ** 31 - 1)
    expect(asked).toBe(0)
    end()
    expect(clock.pending).toBe(0)
  },
)
