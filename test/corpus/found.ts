/** A fault of the library that its own proof found, and that is mended. */
export interface Found {
  readonly fault: string
  /** The part of the proof that found it. */
  readonly by: string
  /** The planted mistake that brings it back; its killer is the regression that must fail then. */
  readonly mutant: string
}

/** What the proof found in the core. Each was mended, and comes back in `npm run test:mutants` to be caught again. */
export const found: readonly Found[] = [
  {
    fault: 'a timer that fell due before an event of the inbox came after it',
    by: 'plans by chance',
    mutant: 'inbox-before-due-timers',
  },
  {
    fault:
      'a timer of `remaining` or `restart` lost its time in a service that was killed, came back and slept',
    by: 'plans by chance, of services with each policy',
    mutant: 'moved-timers-not-written',
  },
  {
    fault: 'an event that was refused during a retry and sent again counted as seen, and was lost',
    by: 'simulation of the whole stack',
    mutant: 'key-of-a-refused-event-is-seen',
  },
  {
    fault: 'an event was tried at another depth than the one at which it is stored',
    by: 'hostile checkpoints',
    mutant: 'event-tried-at-another-depth',
  },
  {
    fault: 'an effect got the key of another after a step back and a kill -9',
    by: 'simulation of the whole stack',
    mutant: 'effect-keys-come-again-in-another-process',
  },
  {
    fault: 'a Map in the place of a state passed for no state',
    by: 'hostile checkpoints',
    mutant: 'map-for-a-state',
  },
  {
    fault: 'of two timers of one name the last counted without a word',
    by: 'hostile checkpoints',
    mutant: 'timers-of-one-name-taken',
  },
  {
    fault: 'a part of a snapshot that is none was dropped',
    by: 'hostile checkpoints',
    mutant: 'unknown-part-of-a-snapshot-dropped',
  },
  {
    fault: 'an annotated reference that is none was made up',
    by: 'hostile checkpoints',
    mutant: 'reference-of-any-shape-taken',
  },
  {
    fault: 'a removed service came back with a part of its checkpoints after a power cut',
    by: 'power cuts of the file store',
    mutant: 'removed-folder-emptied-before-it-is-gone',
  },
  {
    fault: 'an owner went on from what a killed one had written and not synced',
    by: 'power cuts of the file store',
    mutant: 'goes-on-from-what-is-not-synced',
  },
  {
    fault: 'the name of a key’s folder was not durable where the commit that made it had failed',
    by: 'power cuts of the file store',
    mutant: 'folder-forgotten-after-a-failed-commit',
  },
  {
    fault: 'a commit that was durable was refused, since a checkpoint too old to keep could not be dropped',
    by: 'crash points of the file store',
    mutant: 'durable-commit-refused-for-its-pruning',
  },
  {
    fault:
      'a frozen owner of a file store that woke when another had it removed what that one had written, or stood in the way of its next checkpoint',
    by: 'owners frozen while they commit',
    mutant: 'owners-share-the-folder-under-way',
  },
  {
    fault: 'a service waited for timers of actors that had ended, which it no longer had when it was revived',
    by: 'verifyInterruptions, a machine with a delayed event to a child that ends before it comes',
    mutant: 'timers-of-the-ended-kept',
  },
]
