import { fromWire } from '../control/from-wire.js'
import type { ServiceStanding } from '../control/protocol.js'
import { EXIT } from './exit-codes.js'
import { tellFailure } from './failure.js'
import { printable, whereText } from './format.js'
import { type Output, toJson } from './output.js'
import { phaseColor } from './phase-text.js'

/** Prints where a service stands and, where it has failed, why. Resolves with the exit code for that. */
export function tellStanding(output: Output, standing: ServiceStanding): number {
  const { key, service, phase, state, holds, failure } = standing
  if (output.json) output.out(toJson(standing))
  else {
    const name = printable(`${service} ${key}`)
    output.out(`${name}: ${phaseColor(output, phase, phase)}${printable(whereText(state, holds))}`)
  }
  if (failure === undefined) return EXIT.done
  tellFailure(output, fromWire(failure))
  return EXIT.failed
}
