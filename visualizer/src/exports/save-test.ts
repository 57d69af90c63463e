import { later, withPart } from '../shell/later.js'
import { store } from '../shell/session.js'
import type { Service } from '../store/service.js'
import { save } from './save.js'

const test = later(() => import('./test-of.js'))

/** Why no test can be made of what a service was sent; undefined where one can. */
export function untestable(service: Service): string | undefined {
  if (store.value.guestOf(service) === '@xstate/inspect')
    return 'It is a machine of XState 4, and what is tested is one of XState 5'
  return service.moments.length === 0 ? 'Nothing was recorded of what it was sent' : undefined
}

/** Gives somebody what the service was sent, all or from one moment to another, as a test. */
export function saveTest(service: Service, first?: number, last?: number): Promise<void> {
  return withPart(test, ({ testOf }) =>
    save(`${service.key}.test.ts`, testOf(service, store.value, first, last)),
  )
}
