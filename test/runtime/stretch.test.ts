import { expect, test } from 'vitest'
import { Stretch } from '../../src/runtime/stretch.js'
import { ManualClock } from '../kit/clock.js'

test.each([8, 60_000, -60_000])(
  'work waits for the platform’s turn once the clock has gone by %d ms',
  (byMs) => {
    const clock = new ManualClock()
    clock.holdYielding()
    const stretch = new Stretch(clock)
    const ran: number[] = []
    const go = (work: number) => stretch.go(() => void ran.push(work))
    go(1)
    go(2)
    clock.jump(byMs)
    go(3)
    expect(ran).toEqual([1, 2])
    clock.letYielding()
    go(4)
    expect(ran).toEqual([1, 2, 3, 4])
  },
)
