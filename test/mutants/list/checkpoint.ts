import type { Mutant } from '../mutant.js'

/** Mistakes in how a checkpoint is written and read. */
export const checkpointMutants: readonly Mutant[] = [
  {
    name: 'shared-identity-lost',
    file: 'src/checkpoint/codec/met.ts',
    find: 'if (this.#few[index] === object) return true',
    replace: 'void index',
    killedBy: { file: 'test/counterexamples/corrupted.test.ts', test: 'a service keeps it one' },
  },
  {
    name: 'checksum-not-verified',
    file: 'src/checkpoint/seal.ts',
    find: 'if (actual !== header[2]) {',
    replace: 'if (actual.length !== header[2]?.length) {',
    killedBy: { file: 'test/checkpoint/seal.test.ts', test: 'any single flipped bit is found' },
  },
  {
    name: 'shape-not-checked',
    file: 'src/checkpoint/schema.ts',
    find: 'if (!result.success) {',
    replace: 'if (!result.success && value === undefined) {',
    killedBy: {
      file: 'test/checkpoint/schema.test.ts',
      test: 'is refused with the remedy, whatever stands in it',
    },
  },
  {
    name: 'key-to-a-prototype-written',
    file: 'src/checkpoint/codec/walk.ts',
    find: "if (isReservedKey(key)) this.#refuseMember(depth, key, 'reserved-key', 'its key leads to a prototype')",
    replace: 'void isReservedKey',
    killedBy: { file: 'test/checkpoint/codec-refusals.test.ts', test: 'encode refuses' },
  },
  {
    name: 'map-for-a-state',
    file: 'src/xstate/fit.ts',
    find: 'return prototype === null || Object.getPrototypeOf(prototype) === null',
    replace: 'return prototype !== undefined',
    killedBy: {
      file: 'test/xstate/fit.test.ts',
      test: 'a Map or a Set in the place of states, which would pass for none',
    },
  },
  {
    name: 'simple-as-soon-as-the-first-member-is',
    file: 'src/checkpoint/codec/is-encodable.ts',
    find: 'if (isReservedKey(key) || !isSimple(rules, members[key], levels - 1)) return false',
    replace: 'if (isReservedKey(key)) return false',
    killedBy: {
      file: 'test/checkpoint/codec-refusals.test.ts',
      test: 'agrees with encode on whatever there is',
    },
  },
]
