/**
 * `JSON.parse`, right about escaped keys too: use it wherever others choose the keys.
 *
 * The V8 of Node 24 and 26 compares the source of an escaped key with the keys that it has seen in its place:
 * after `{"a":[],"\\":0}` it reads the newline in `{"a":1,"\n":2}` as a backslash, without a word
 * (https://github.com/nodejs/node/issues/63785). It reads all other keys and every value right, and writes
 * all of them right, so only a text with an escaped key is read a second time, here.
 *
 * @throws {SyntaxError} the text is no JSON
 * @example
 * ```ts
 * readJson('{"\\n":1}') // { '\n': 1 }
 * ```
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return hasEscapedKey(text) ? readSound(text) : value
}

const [SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [0x20, 0x22, 0x2c, 0x3a, 0x5c]
const [LEFT_BRACKET, RIGHT_BRACKET, LEFT_BRACE, RIGHT_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

function hasEscapedKey(text: string): boolean {
  // Only strings have backslashes in JSON, and few of them do.
  let at = text.indexOf('\\')
  while (at >= 0) {
    const end = stringEnd(text, at)
    let after = end
    while (text.charCodeAt(after) <= SPACE) after++
    if (text.charCodeAt(after) === COLON) return true
    at = text.indexOf('\\', end)
  }
  return false
}

/** Where the string around `at` ends. From quote to quote, since engines find the next one fast. */
function stringEnd(text: string, at: number): number {
  let quote = text.indexOf('"', at)
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote + 1
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (quote - first) % 2 === 1
}

/** The value of a text that is known to be JSON, however deep. Its leaves are left to `JSON.parse`. */
function readSound(text: string): unknown {
  const whole: unknown[] = []
  const outer: Container[] = []
  let container: Container = whole
  let key: string | undefined
  let at = 0
  while (at < text.length) {
    const start = at++
    const char = text.charCodeAt(start)
    if (char <= SPACE || char === COMMA || char === COLON) continue
    if (char === RIGHT_BRACE || char === RIGHT_BRACKET) {
      // In sound JSON, what ends has begun.
      container = outer.pop() as Container
      continue
    }
    let inner: Container | undefined
    let leaf: unknown
    if (char === LEFT_BRACE) inner = {}
    else if (char === LEFT_BRACKET) inner = []
    else {
      at = char === QUOTE ? stringEnd(text, at) : wordEnd(text, at)
      leaf = JSON.parse(text.slice(start, at))
      if (key === undefined && !Array.isArray(container)) {
        // In an object, a leaf that follows no key is one.
        key = leaf as string
        continue
      }
    }
    add(container, key, inner ?? leaf)
    key = undefined
    if (inner === undefined) continue
    outer.push(container)
    container = inner
  }
  return whole[0]
}

type Container = unknown[] | Record<string, unknown>

function add(container: Container, key = '', value: unknown): void {
  if (Array.isArray(container)) container.push(value)
  else if (key !== '__proto__') container[key] = value
  // An own property, as JSON.parse makes it: whoever refuses that key must see it.
  else Object.defineProperty(container, key, { value, enumerable: true, writable: true, configurable: true })
}

/** Where a number, true, false or null ends. */
function wordEnd(text: string, from: number): number {
  let at = from
  while (isInWord(text.charCodeAt(at))) at++
  return at
}

/** False at the end of the text too: NaN is greater than nothing. */
function isInWord(char: number): boolean {
  return char > SPACE && char !== COMMA && char !== RIGHT_BRACE && char !== RIGHT_BRACKET
}
