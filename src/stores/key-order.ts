/*
 * The port lists keys in the order of their UTF-16 code units, and databases compare texts by code point. They
 * differ where a code point above U+FFFF meets one from U+E000 to U+FFFF. So the latter, and U+10FFFF itself,
 * are stored behind a U+10FFFF, which sorts them last. All other keys, hence nearly all, are stored as they are.
 */

const LAST = '\u{10FFFF}'
const STANDS_FOR_LAST = `${LAST}\u0001`
const NEEDS_PREFIX = /[\uE000-\uFFFF]|\u{10FFFF}/gu
const PREFIXED = /\u{10FFFF}(.)/gsu

/** The key as the database keeps it. */
export function toColumn(key: string): string {
  return key.replace(NEEDS_PREFIX, (character) => (character === LAST ? STANDS_FOR_LAST : LAST + character))
}

/** The key that `toColumn` turned into this. */
export function fromColumn(column: string): string {
  return column.replace(PREFIXED, (_, character: string) => (character === '\u0001' ? LAST : character))
}
