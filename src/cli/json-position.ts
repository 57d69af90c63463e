/**
 * Where a text stops being JSON, counted in characters from 0; undefined when it is JSON.
 *
 * JSON.parse tells it for some errors only, and in each version of V8 for others.
 */
export function jsonErrorPosition(text: string): number | undefined {
  let at = 0
  let depth = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }
  const space = () => take(/[ \t\n\r]*/y)

  const members = (close: RegExp, member: () => boolean): boolean => {
    // Deeper than anybody writes by hand, and no deeper than the call stack.
    if (++depth > 1000) return false
    space()
    for (let first = true; !take(close); first = false) {
      if (!first && !take(/,/y)) return false
      space()
      if (!member()) return false
      space()
    }
    depth--
    return true
  }
  const pair = () => string() && space() && take(/:/y) && value()
  const string = (): boolean => {
    if (!take(/"/y)) return false
    // As far as it is sound, so that the position is that of the first bad character.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
    take(/(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y)
    return take(/"/y)
  }
  const value = (): boolean => {
    space()
    if (take(/\{/y)) return members(/\}/y, pair)
    if (take(/\[/y)) return members(/\]/y, value)
    if (text[at] === '"') return string()
    return take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  }

  const whole = value() && space() && at === text.length
  return whole ? undefined : at
}
