import type { Outcome } from '../plans/difference.js'

/** What was started more often than in the twin, up to that step: it may be why they differ. One sentence each. */
export function startedAnew({ starts, twin }: Outcome, step: number): readonly string[] {
  return [...starts].flatMap(([name, times]) => {
    const without = twin[step]?.starts.get(name) ?? 0
    if (times <= without) return []
    return [
      `“${name}” was started ${times} times, and ${without} without the interruption: what it sends or shows at its start comes again in each life.`,
    ]
  })
}
