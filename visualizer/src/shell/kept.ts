/** What this tab has kept under a name, also when the page was loaded again; undefined where it is no list of texts, or the browser keeps nothing. */
export function keptList(name: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(name) ?? 'null')
    return Array.isArray(list) ? list.filter((text) => typeof text === 'string') : undefined
  } catch {
    return undefined
  }
}

export function keepList(name: string, list: Iterable<string>): void {
  try {
    sessionStorage.setItem(name, JSON.stringify([...list]))
  } catch {
    // A browser that keeps nothing, or no more, begins anew.
  }
}
