import { type ErrorFacts, TardigradeError } from './base.js'

/** Why a value has no lossless text; each has its remedy in the message. */
export type UnencodableKind =
  | 'function'
  | 'symbol'
  | 'symbol-key'
  | 'reserved-key'
  | 'class'
  | 'promise'
  | 'weak'
  | 'regexp'
  | 'url'
  | 'invalid-date'
  | 'buffer'
  | 'typed-array'
  | 'hole'
  | 'named-property'
  | 'bigint'
  | 'custom'
  | 'depth'
  | 'length'
  | 'unreadable'

const REMEDIES: Readonly<Record<UnencodableKind, string>> = {
  function: 'Keep its data instead, and put the function into the machine’s setup.',
  symbol: 'Keep a string instead.',
  'symbol-key': 'Use a string as the key.',
  'reserved-key': 'Rename the property, or keep the pair in a Map.',
  class: 'Register the class in the definition’s `classes`, or keep its data instead.',
  promise: 'Invoke the promise as an actor, and keep its result instead.',
  weak: 'Keep a Map or a Set instead.',
  regexp: "Allow it with `allow: ['regexp']`, or keep its source instead.",
  url: "Allow it with `allow: ['url']`, or keep its href instead.",
  'invalid-date': 'Keep undefined instead of an invalid Date.',
  buffer: 'Keep a Uint8Array of its bytes instead: new Uint8Array(buffer).',
  'typed-array': 'Keep a plain array of its elements, or for bytes a Uint8Array, instead.',
  hole: 'Fill the array’s holes with undefined or null.',
  'named-property': 'Keep a plain object with the value and the properties instead.',
  bigint: 'Keep a smaller number, or its digits as a text.',
  custom: 'Return plain JSON data from its `encode`: no undefined, NaN, −0, Date or class instance.',
  depth: 'Keep a flatter structure, such as a list of nodes with ids.',
  length: 'Keep large data outside of the context, such as in a file, and its name in it.',
  unreadable: 'Mend what the cause names, or keep plain data instead.',
}

const shown = (path: readonly (string | number)[]): string =>
  path.length === 0
    ? 'the value itself'
    : path.length > 40
      ? `${path.slice(0, 20).join('.')} … ${path.slice(-5).join('.')}`
      : path.join('.')

/**
 * A value that would not come back from the text as it is. `path` leads to it: property names and array
 * indices; a Map's entry is its row and then 0 for the key or 1 for the value; a Set's member is its row;
 * an Error's parts are `cause`, `errors` and `props`.
 */
export class UnencodableError extends TardigradeError {
  readonly code = 'UNENCODABLE'
  constructor(
    readonly path: readonly (string | number)[],
    readonly kind: UnencodableKind,
    readonly problem: string,
    facts: ErrorFacts & { readonly remedy?: string } = {},
  ) {
    super(`Cannot encode ${shown(path)}: ${problem}.`, facts.remedy ?? REMEDIES[kind], facts)
  }
}

/** A text that is none of the codec's, is damaged or hostile, or needs an option that is not set. */
export class UndecodableError extends TardigradeError {
  readonly code = 'UNDECODABLE'
  constructor(
    readonly reason: string,
    remedy = 'The text was left as it is; go on from an older one that can be read.',
    facts: ErrorFacts = {},
  ) {
    super(`Cannot decode the text: ${reason}.`, remedy, facts)
  }
}

/** The options of `createCodec` contradict each other or would lose data. */
export class CodecOptionsError extends TardigradeError {
  readonly code = 'CODEC_OPTIONS'
  constructor(
    readonly option: string,
    problem: string,
    remedy: string,
  ) {
    super(`The codec's option ${option} cannot be used: ${problem}.`, remedy)
  }
}
