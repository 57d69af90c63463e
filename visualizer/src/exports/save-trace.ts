import { later, withPart } from '../shell/later.js'
import type { Store } from '../store/store.js'
import { save } from './save.js'
import type { Range } from './trace.js'

const trace = later(() => import('./trace.js'))

/** Gives somebody all that the page knows, or some moments of one service, as a trace. */
export function saveTrace(name: string, store: Store, range?: Range): Promise<void> {
  return withPart(trace, ({ traceOf }) =>
    save(name, JSON.stringify(traceOf(store, range)), 'application/json'),
  )
}
