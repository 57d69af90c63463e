import { describe, expect, test } from 'vitest'
import { outlivesProcess, pausesService } from '../../src/service/interruptions.js'

const platforms = ['background', 'frozen', 'offline', 'low-battery', 'low-memory', 'shutdown']

describe('interruptions', () => {
  test.each(platforms)('%s is the platform’s, and ends with the process', (hold) => {
    expect(outlivesProcess(hold)).toBe(false)
  })

  test.each(['user', 'maintenance', '', 'toString', 'Shutdown'])(
    '“%s” is a person’s, and outlives it',
    (hold) => {
      expect(outlivesProcess(hold)).toBe(true)
    },
  )

  test('frozen and shutdown pause every service, the others those that list them', () => {
    for (const interruption of [...platforms, 'user', 'maintenance']) {
      const always = interruption === 'frozen' || interruption === 'shutdown'
      expect(pausesService(interruption, [])).toBe(always)
      expect(pausesService(interruption, ['other', interruption])).toBe(true)
      expect(pausesService(interruption, ['other'])).toBe(always)
    }
  })
})
