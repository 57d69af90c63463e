import { later, withPart } from '../shell/later.js'
import { store } from '../shell/session.js'
import type { Service } from '../store/service.js'
import { save } from './save.js'

const testFile = later(() => import('./test-file.js'))

/** Gives somebody what the service was sent, all or from one moment to another, as a test. */
export function saveTest(service: Service, first?: number, last?: number): Promise<void> {
  const { key, moments, stored } = service
  // What came after its last recorded moment belongs to all of it.
  const newest = last === undefined && store.value.kept.isOutdated(service) ? stored?.checkpoint : undefined
  return withPart(testFile, ({ testFileOf }) =>
    save(`${key}.test.ts`, testFileOf(key, moments, first, last, newest)),
  )
}
