import { expect, test } from 'vitest'
import { LOOK_AT_CLOCK_MS, watchSleep } from '../../../src/hosts/node/asleep.js'
import { settle } from '../../kit/clock.js'
import { hearing } from '../hearing.js'
import { machine } from './machine.js'

test('a clock that is further on than its timer has waited tells that the machine slept', async () => {
  const { world, clock } = machine()
  const { sink, heard } = hearing()
  const end = watchSleep(10_000, world)(sink)
  await clock.advance(LOOK_AT_CLOCK_MS * 3)
  clock.jump(LOOK_AT_CLOCK_MS + 9_999)
  await clock.advance(0)
  expect(heard).toEqual([])
  clock.jump(LOOK_AT_CLOCK_MS + 10_000)
  await clock.advance(0)
  expect(heard).toEqual(['interrupt frozen', 'release frozen'])
  // A clock that is set back is no sleep.
  clock.jump(-3_600_000)
  await clock.advance(3_600_000 + LOOK_AT_CLOCK_MS)
  await settle()
  expect(heard).toHaveLength(2)
  end()
  expect(clock.pending).toBe(0)
})
