import { foreignDecoder } from '../../checkpoint/codec/decode-foreign.js'
import type { CustomType } from '../../checkpoint/codec/options.js'

/** The values of a checkpoint whose definition is not at hand. @throws {UndecodableError} they cannot be told */
export const decodeStored: (body: string) => unknown = foreignDecoder([
  // As the codec of the tree of actors writes them: what has a text within is opened, so that what is to be hidden there can be found.
  stored('actor', (json) => {
    const { path, ended } = json
    // As a living one is shown, so that nothing of the author's own is taken for it.
    const known = { id: idOf(json), xstate$$type: 1, path }
    return isFields(ended) ? { ...known, ended: { ...ended, snapshot: opened(ended.snapshot) } } : known
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

/** The root's own is not in its path. */
function idOf({ path, ended }: Fields): string {
  if (isFields(ended) && typeof ended.id === 'string') return ended.id
  return Array.isArray(path) ? String(path.at(-1) ?? '') : ''
}

function isFields(json: unknown): json is Fields {
  return typeof json === 'object' && json !== null
}
