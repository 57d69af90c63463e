import { test } from 'vitest'
import { createMachine } from 'xstate'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

test('a step back by history says to which states', async () => {
  const part = (states: Record<string, object>) => ({ initial: 'a', states })
  const machine = createMachine({
    id: 'desk',
    initial: 'open',
    states: {
      open: {
        type: 'parallel',
        on: { CLOSE: 'closed' },
        states: {
          left: part({ a: { on: { NEXT: 'b' } }, b: {} }),
          right: part({ a: {} }),
          hist: { type: 'history', history: 'deep' },
        },
      },
      closed: { on: { OPEN: 'open.hist' } },
    },
  })
  const recording = new Recording('p1', false)
  const desk = recording.service('desk', machine).start()
  for (const type of ['NEXT', 'CLOSE', 'OPEN']) desk.send({ type })
  const { page } = await visits.show(recording, '&service=desk')
  await page.getByRole('option').getByText('→ hist: open.{ left.b, right.a }', { exact: true }).waitFor()
  await page.getByRole('option').getByText('→ closed', { exact: true }).waitFor()
})
