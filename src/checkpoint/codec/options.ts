/** How the instances of one kind become plain JSON data and come back. */
export interface CustomType {
  /** Stands in the text, so it must stay the same for as long as old texts are read. */
  readonly name: string
  /** Also asked for plain objects, which costs a call for each. */
  readonly plain?: boolean
  /** Whether this rule takes the value. Asked for objects only, never for primitives. */
  applies(value: object): boolean
  /**
   * Plain JSON data, which is not walked further. An object where `plain` is set. A typed error that it
   * throws is told in its own words, with its remedy and the path; any other as `unreadable`, with it as the cause.
   */
  encode(value: object): unknown
  /** Makes the value again. What it throws becomes the cause of an `UndecodableError`. */
  decode(json: unknown): unknown
}

/** Options of `createCodec`. */
export interface CodecOptions {
  /**
   * Classes whose instances are kept: own enumerable properties and the prototype, without calling the
   * constructor. Private fields (`#x`) are invisible from outside and are not kept: use `customs` for those.
   * The name stands in the text.
   */
  readonly classes?: Readonly<Record<string, new (...args: never[]) => object>>
  /** Types that run foreign patterns or parsers when they are revived, and so need permission. */
  readonly allow?: readonly ('regexp' | 'url')[]
  /** Rules of your own, asked in this order after `classes` and before the built-in types. */
  readonly customs?: readonly CustomType[]
  /** Deepest nesting, as path segments from the root, both ways. Default 500: what half a usual call stack bears. */
  readonly maxDepth?: number
  /** Longest text, in UTF-16 code units, both ways. Default 2^28. */
  readonly maxLength?: number
  /** Longest BigInt, in decimal digits, both ways. Default 10,000. */
  readonly maxBigIntDigits?: number
}
