/** Whether a value is one of these. */
export function isOf<T>(these: readonly T[], value: unknown): value is T {
  // Wider: `includes` takes what its list holds alone, and this is asked of what may be anything.
  return (these as readonly unknown[]).includes(value)
}
