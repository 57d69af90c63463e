/** What is said of a machine without states. */
export const NO_STATES = '(no states)'

/** A machine's state as people write it: `paying`, or `left.on + right.off`. */
export function stateInWords(value: unknown): string {
  if (typeof value === 'string') return value
  // XState's values are texts, or objects of them.
  const regions = Object.entries((value ?? {}) as Record<string, unknown>)
  if (regions.length === 0) return NO_STATES
  const told = regions.map(([name, held]) => {
    const inner = stateInWords(held)
    if (inner === NO_STATES) return name
    return inner.includes(' + ') ? `${name}.(${inner})` : `${name}.${inner}`
  })
  return told.join(' + ')
}
