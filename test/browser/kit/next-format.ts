/** The library as its next version may be: with a format that comes after this one. */
export function nextFormat(path: string, code: string): string {
  if (path.endsWith('/indexeddb/schema.ts')) return code.replace('FORMAT = 1', 'FORMAT = 2')
  if (path.endsWith('/indexeddb/open.ts'))
    return code.replace('upgrade(created) {', 'upgrade(created, from) { if (from === 1) return')
  return code
}
