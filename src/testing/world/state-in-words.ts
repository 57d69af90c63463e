/** A machine's state as people write it: `paying`, or `left.on + right.off`. */
export function stateInWords(value: unknown): string {
  if (typeof value === 'string') return value
  const regions = Object.entries((value ?? {}) as Record<string, unknown>)
  if (regions.length === 0) return '(no states)'
  const told = regions.map(([name, held]) => {
    const inner = stateInWords(held)
    if (inner === '(no states)') return name
    return inner.includes(' + ') ? `${name}.(${inner})` : `${name}.${inner}`
  })
  return told.join(' + ')
}
