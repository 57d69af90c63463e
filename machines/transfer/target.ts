import { FileTarget } from './file-target.js'
import { HttpTarget } from './http-target.js'
import { isHttp, type TransferPlan } from './input.js'
import type { SourceFacts } from './source.js'

/** Where chunks go. */
export interface Target extends AsyncDisposable {
  /** How many bytes from the start are safe there; `known` is what our last checkpoint says. */
  held(known: number): Promise<number>
  /** Makes a chunk durable. Returns how many bytes from the start are safe now. */
  write(at: number, chunk: Buffer): Promise<number>
}

/** Opens the target that the plan names; `place` is its full path or address. */
export async function openTarget(
  plan: TransferPlan,
  place: string,
  facts: SourceFacts,
  signal: AbortSignal,
): Promise<Target> {
  return isHttp(place) ? new HttpTarget(plan, place, facts.size, signal) : FileTarget.open(place, facts)
}
