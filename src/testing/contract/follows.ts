import type { BrokenPromise } from '../../errors/contract.js'

/** The first case that ended alike: what is mended there may have ended this one, too. */
export function firstOf(one: BrokenPromise, before: readonly BrokenPromise[]): BrokenPromise | undefined {
  return before.find((other) => other.follows === undefined && essence(other) === essence(one))
}

/** What went wrong, without which keys, numbers and random steps have shown it. What a case found by itself says what it is about. */
function essence({ problem, cause }: BrokenPromise): string {
  const [found = problem] = problem.split(' The smallest that shows it:')
  const words = found.toLowerCase()
  return cause === undefined ? words : words.replace(/[“"'][^”"']*[”"']|\d+/g, '…').replace(/\.$/, '')
}
