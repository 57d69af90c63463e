import { lostLine } from '../store/last-line.js'
import type { Service } from '../store/service.js'
import type { Store } from '../store/store.js'
import { testFileOf } from './test-file.js'

/** What a service was sent, all or from one moment to another, as a test. */
export function testOf(service: Service, store: Store, first?: number, last?: number): string {
  const { key, moments, stored } = service
  // What came after its last recorded moment belongs to all of it.
  const newest =
    last === undefined && stored !== undefined && store.kept.isOutdated(service)
      ? { checkpoint: stored.checkpoint, isLineLost: lostLine(service, store) === 'yes' }
      : undefined
  return testFileOf(key, moments, first, last, newest, store.charts.get(service.state?.chart ?? ''))
}
