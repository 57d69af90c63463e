/** What whoever an effect is done to makes of it, when it comes again after a crash. */
export type EffectOracle =
  /** It knows the effect's key, and takes it once: once in all, and in order. */
  | 'exactlyOnce'
  /** Doing the same again changes nothing, whatever the key, the order and the number. */
  | 'idempotent'
  /** It knows no keys: one may get lost, and none may come twice. */
  | 'atMostOnce'

/** Oracles by the name of the action or actor. */
export type EffectOracles = Readonly<Record<string, EffectOracle>>

/** Every effect has its key, so what the library promises is the default. */
export function oracleOf(oracles: EffectOracles, name: string): EffectOracle {
  return Object.hasOwn(oracles, name) ? (oracles[name] ?? 'exactlyOnce') : 'exactlyOnce'
}

/** What came too often for one who knows no keys, in words; what is missing may be. */
export function tooOften(expected: readonly string[], found: readonly string[]): string | undefined {
  const left = new Map<string, number>()
  for (const what of expected) left.set(what, (left.get(what) ?? 0) + 1)
  for (const what of found) {
    const times = left.get(what) ?? 0
    if (times === 0)
      return `“${what}” was done more often than without the interruption, and may be at most once`
    left.set(what, times - 1)
  }
  return undefined
}
