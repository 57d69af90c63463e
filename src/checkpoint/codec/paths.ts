/** One segment as superjson writes it in a dotted path. */
export function escapeSegment(segment: string): string {
  return segment.replace(/\\/g, '\\\\').replace(/\./g, '\\.')
}

/** A whole path as superjson writes it. The empty path and the path to the key '' both give ''. */
export function joinPath(path: readonly (string | number)[]): string {
  return path.map((segment) => escapeSegment(String(segment))).join('.')
}

/** The segments of a dotted path, or undefined where a backslash escapes nothing. Never empty. */
export function splitPath(path: string): string[] | undefined {
  if (!path.includes('\\')) return path.split('.')
  const segments: string[] = []
  let segment = ''
  for (let at = 0; at < path.length; at++) {
    const char = path.charAt(at)
    if (char === '.') {
      segments.push(segment)
      segment = ''
    } else if (char === '\\') {
      const escaped = path.charAt(++at)
      if (escaped !== '\\' && escaped !== '.') return undefined
      segment += escaped
    } else segment += char
  }
  segments.push(segment)
  return segments
}
