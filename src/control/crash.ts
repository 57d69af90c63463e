import { matchesState } from 'xstate'
import type { Service } from '../runtime/service.js'

/** The end of this process here and now, without a word to anybody: as by kill -9. */
export function crash(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('The process goes on after SIGKILL.')
}

/** Crashes as soon as the service's machine is in the state, such as `loading` or `loading.first`; not where it is now. */
export function crashIn(service: Service, state: string): void {
  service.machine.subscribe(({ value }) => {
    if (matchesState(state, value)) crash()
  })
}
