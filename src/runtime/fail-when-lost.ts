import type { TardigradeError } from '../errors/base.js'
import { copyWithFacts } from '../errors/with-facts.js'
import type { Conductor } from './conductor.js'
import type { TypedClaim } from './typed-claim.js'

/** What is at work when the store is lost fails: without a commit it would hear of nothing, and go on beside its next owner. */
export function failWhenLost({ lost }: TypedClaim, conductors: () => readonly Conductor[]): void {
  void lost?.then((why) => {
    for (const conductor of conductors()) void failAtWork(conductor, why)
  })
}

/** What rests finds out when it is loaded, or written; what sleeps is none of those. */
async function failAtWork(conductor: Conductor, why: TardigradeError): Promise<void> {
  if (conductor.state === 'resuming') await conductor.ready()
  const { state, facts } = conductor
  if (state === 'running' || state === 'checkpointing') conductor.failWith(copyWithFacts(why, facts))
}
