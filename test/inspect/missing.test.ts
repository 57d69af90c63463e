import { MissingDriverError, statelyInspector } from 'tardigrade/inspect'
import { expect, test, vi } from 'vitest'

vi.mock('@statelyai/inspect', () => {
  throw new Error('it is not installed')
})

test('without the package, the error names what installs it', async () => {
  const starting = statelyInspector()
  await expect(starting).rejects.toBeInstanceOf(MissingDriverError)
  await expect(starting).rejects.toMatchObject({
    code: 'MISSING_DRIVER',
    packageName: '@statelyai/inspect@0.7',
    remedy: 'Run: npm install @statelyai/inspect@0.7',
  })
})
