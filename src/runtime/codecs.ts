import type { ServiceDefinition } from '../service/definition.js'
import { createTreeCodec, type TreeCodec } from '../xstate/codec.js'

/** One codec for all services of a definition. */
export class Codecs {
  readonly #codecs = new WeakMap<ServiceDefinition, TreeCodec>()

  of(definition: ServiceDefinition): TreeCodec {
    let codec = this.#codecs.get(definition)
    if (codec === undefined) {
      codec = createTreeCodec(definition)
      this.#codecs.set(definition, codec)
    }
    return codec
  }
}
