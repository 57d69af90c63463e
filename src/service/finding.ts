import type { Finding } from '../errors/definition.js'

/** What a rule found that cannot stay. */
export function problem(rule: string, path: string, what: string, remedy: string): Finding {
  return { level: 'error', rule, path, problem: what, remedy }
}

/** What a rule found that works, and yet. */
export function warning(rule: string, path: string, what: string, remedy: string): Finding {
  return { ...problem(rule, path, what, remedy), level: 'warning' }
}
