import { foreignDecoder } from '../../checkpoint/codec/decode-foreign.js'
import type { CustomType } from '../../checkpoint/codec/options.js'

/** The values of a checkpoint whose definition is not at hand. @throws {UndecodableError} they cannot be told */
export const decodeStored: (body: string) => unknown = foreignDecoder([
  // As the codec of the tree of actors writes them: what has a text within is opened, so that what is to be hidden there can be found.
  stored('actor', (json) => {
    const { ended } = json
    return isFields(ended) ? { ...json, ended: { ...ended, snapshot: opened(ended.snapshot) } } : json
  }),
  stored('snapshot', ({ text }) => opened(text)),
])

type Fields = Readonly<Record<string, unknown>>

function stored(name: string, decode: (json: Fields) => unknown): CustomType {
  return {
    name,
    applies: () => false,
    encode: (value) => value,
    decode: (json) => (isFields(json) ? decode(json) : json),
  }
}

function opened(text: unknown): unknown {
  // An actor within an ended one keeps its id alone.
  return text === '' ? undefined : decodeStored(String(text))
}

function isFields(json: unknown): json is Fields {
  return typeof json === 'object' && json !== null
}
