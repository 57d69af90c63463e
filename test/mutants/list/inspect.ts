import type { Mutant } from '../mutant.js'

/** Mistakes in what listens to other programs. */
export const inspectMutants: readonly Mutant[] = [
  {
    name: 'listens-to-the-network',
    file: 'src/inspect/server/listen.ts',
    find: "server.listen(port, '127.0.0.1')",
    replace: "server.listen(port, '0.0.0.0')",
    killedBy: {
      file: 'test/inspect/server/loopback.test.ts',
      test: 'is there on 127.0.0.1, and at no other address of the machine',
    },
  },
  {
    name: 'receivers-say-as-much-as-they-like',
    file: 'src/inspect/server/receivers.ts',
    find: 'maxPayload: MOST_BYTES, ',
    replace: '',
    killedBy: {
      file: 'test/inspect/server/receivers.test.ts',
      test: 'a receiver may say a mebibyte at once, and is let go for more',
    },
  },
]
