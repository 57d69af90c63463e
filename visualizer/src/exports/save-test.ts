import type { Service } from '../store/service.js'
import { save } from './save.js'

/** Gives somebody what the service was sent, all or from one moment to another, as a test. */
export async function saveTest({ key, moments }: Service, first?: number, last?: number): Promise<void> {
  const { testFileOf } = await import('./test-file.js')
  save(`${key}.test.ts`, testFileOf(key, moments, first, last))
}
