import type { Mutant } from '../mutant.js'

const FILE = 'test/runtime/chaos.test.ts'

/** Mistakes in chaos, which nobody is to see. */
export const chaosMutants: readonly Mutant[] = [
  {
    name: 'chaos-commands-no-tree',
    file: 'src/runtime/chaos.ts',
    find: 'return this.#waiting !== undefined',
    replace: 'return false',
    killedBy: { file: FILE, test: 'a pause, a stop and a checkpoint wait until it is back' },
  },
  {
    name: 'chaos-applies-to-no-tree',
    file: 'src/runtime/chaos.ts',
    find: 'engine.intake.draining = true',
    replace: '',
    killedBy: { file: FILE, test: 'an event is applied before it is answered, in its order' },
  },
  {
    name: 'chaos-only-once',
    file: 'src/runtime/chaos.ts',
    find: '      .catch(() => {})',
    replace: '      .then(() => new Promise(() => {}))',
    killedBy: { file: FILE, test: 'shows nothing of itself to senders, subscribers and the outside' },
  },
]
