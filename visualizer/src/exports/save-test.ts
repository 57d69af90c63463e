import { later, withPart } from '../shell/later.js'
import type { Service } from '../store/service.js'
import { save } from './save.js'

const testFile = later(() => import('./test-file.js'))

/** Gives somebody what the service was sent, all or from one moment to another, as a test. */
export function saveTest({ key, moments }: Service, first?: number, last?: number): Promise<void> {
  return withPart(testFile, ({ testFileOf }) => save(`${key}.test.ts`, testFileOf(key, moments, first, last)))
}
