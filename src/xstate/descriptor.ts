/** Whether XState takes an event of that type for one of the pattern. */
export function isOfPattern(type: string, pattern: string): boolean {
  if (pattern === '*' || pattern === type) return true
  return pattern.endsWith('.*') && `${type}.`.startsWith(pattern.slice(0, -1))
}
