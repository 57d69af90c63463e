/** Keys that lead to a prototype. superjson refuses them too. */
export function isReservedKey(key: string): boolean {
  // Nearly all keys are shorter, and a length is cheaper to compare than three strings.
  return key.length >= 9 && (key === '__proto__' || key === 'prototype' || key === 'constructor')
}
