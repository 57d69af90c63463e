import { isOwnFailure } from './failures.js'
import { conductorOf, type Service } from './service.js'

/** Stops it; one that fails on its way there is stopped as it is. */
export async function stop(service: Service): Promise<void> {
  await service.stop().catch(() => service.stop().catch(() => {}))
}

/** Whether it is on its way to a stop. */
export function isStopping(service: Service): boolean {
  const { status, value, context } = service.getSnapshot()
  return status === 'active' && value !== 'failed' && context.stopping
}

/** Whether its machine failed before anything of it was stored: no checkpoint is there to go on from. */
export function failedAtBeginning(service: Service): boolean {
  const { failure } = service.getSnapshot().context
  return failure !== undefined && isOwnFailure(failure) && conductorOf(service).engine.ledger.sequence === 0
}

/** Calls `run` when it has ended and all that it writes has come to the store, well or not. */
export function atEnd(service: Service, run: () => void): void {
  const end = () => {
    // Another that begins before would find less in the store than there will be.
    const { writing } = conductorOf(service).engine
    if (writing === undefined) run()
    else void writing.then(run)
  }
  if (service.getSnapshot().status === 'active') service.lifecycle.subscribe({ complete: end })
  else end()
}
