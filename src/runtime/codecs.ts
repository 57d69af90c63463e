import type { ServiceDefinition } from '../service/definition.js'
import { createTreeCodec, type TreeCodec } from '../xstate/codec.js'

const codecs = new WeakMap<ServiceDefinition, TreeCodec>()

/** One codec for all services of a definition, whichever supervisor has them. */
export function codecOf(definition: ServiceDefinition): TreeCodec {
  let codec = codecs.get(definition)
  if (codec === undefined) {
    codec = createTreeCodec(definition)
    codecs.set(definition, codec)
  }
  return codec
}
