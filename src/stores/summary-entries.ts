import * as v from 'valibot'

/** What stores that keep texts write of a checkpoint beside its own text and its key. */
export const summaryEntries = {
  service: v.string(),
  version: v.number(),
  sequence: v.number(),
  epoch: v.number(),
  savedAtMs: v.number(),
  phase: v.picklist(['running', 'paused', 'stopped', 'failed', 'done']),
  wakeAtMs: v.optional(v.number()),
  size: v.number(),
}
