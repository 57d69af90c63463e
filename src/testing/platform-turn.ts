/** As it was when the kit was loaded: an author's test may put timers of its own in its place. */
const later: (run: () => void) => unknown = typeof setImmediate === 'function' ? setImmediate : setTimeout

/**
 * Gives the platform its turn. The kit goes on from promise to promise for as long as it has plans: without it nobody could
 * interrupt it, and nothing that was held weakly would be forgotten.
 */
export const platformTurn = () => new Promise<void>((resolve) => void later(resolve))
