/** Names of fewer characters are like too many others. */
const SHORTEST = 4

/** Whether a name may have been meant for another: two letters are wrong at most, and fewer of a short one. */
export function isMisspelt(name: string, meant: string): boolean {
  const [one, other] = [plain(name), plain(meant)]
  if (one === other) return name !== meant
  if (Math.min(one.length, other.length) < SHORTEST) return false
  return distance(one, other) <= Math.min(2, Math.floor(Math.max(one.length, other.length) / SHORTEST))
}

/** Without what people write in several ways. */
const plain = (name: string) => name.toLowerCase().replace(/[\s_.-]/g, '')

/** How many letters must be put in, left out, changed or swapped with the next (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [column, to] of [...other].entries()) {
      const swapped = column > 0 && index > 0 && letter === other[column - 1] && to === one[index - 1]
      next.push(
        Math.min(
          (next[column] ?? 0) + 1,
          (row[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + (letter === to ? 0 : 1),
          swapped ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return row.at(-1) ?? 0
}

/**
 * What to give in the place of a name that is none of those: first the one that may have been meant.
 * @param what they are, as in `names of the machine`
 */
export function insteadOf(name: string, known: readonly string[], what: string): string {
  const meant = known.find((one) => isMisspelt(name, one))
  const all = `${what}: ${known.join(', ')}`
  return meant === undefined ? all : `“${meant}”, if that is meant, or other ${all}`
}
