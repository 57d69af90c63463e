import type { Mutant } from '../mutant.js'

const FILE = 'test/stores/file.test.ts'
const SQLITE = 'test/stores/sqlite.test.ts'
const MEMORY = 'test/stores/memory.test.ts'

const FOLLOWS = {
  test: 'answers in the order of the batch, and refuses only what does not follow',
  writtenIn: 'src/testing/contract/store/commits.ts',
}
const CLOSES = {
  test: 'closes no earlier than its commits under way are over',
  writtenIn: 'src/testing/contract/store/ownership.ts',
}
const FENCED = {
  test: 'refuses every write of an owner that has lost the store',
  writtenIn: 'src/testing/contract/store/ownership.ts',
}

/** Mistakes in the stores. */
export const storeMutants: readonly Mutant[] = [
  {
    name: 'memory-sequence-not-checked',
    file: 'src/stores/memory-claim.ts',
    find: 'if (sequence !== stored + 1) {',
    replace: 'if (sequence < stored) {',
    killedBy: { file: MEMORY, ...FOLLOWS },
  },
  {
    name: 'sqlite-sequence-not-checked',
    file: 'src/stores/sqlite-writes.ts',
    find: 'if (sequence !== head.sequence + 1) {',
    replace: 'if (sequence < head.sequence) {',
    killedBy: { file: SQLITE, ...FOLLOWS },
  },
  {
    name: 'file-sequence-not-checked',
    file: 'src/stores/file-commit.ts',
    find: 'if (sequence !== stored + 1) {',
    replace: 'if (sequence < stored) {',
    killedBy: { file: FILE, ...FOLLOWS },
  },
  {
    name: 'memory-epoch-not-checked',
    file: 'src/stores/memory-claim.ts',
    find: 'if (currentEpoch !== epoch) throw',
    replace: 'if (currentEpoch < epoch) throw',
    killedBy: { file: MEMORY, ...FENCED },
  },
  {
    name: 'sqlite-epoch-not-checked',
    file: 'src/stores/sqlite-writes.ts',
    find: 'if (current !== epoch) throw',
    replace: 'if (current < epoch) throw',
    killedBy: { file: SQLITE, ...FENCED },
  },
  {
    name: 'sqlite-epoch-not-asked-by-a-statement-alone',
    file: 'src/stores/sqlite-writes.ts',
    find: 'WHERE id = 1 AND epoch = ',
    replace: 'WHERE id = 1 AND epoch >= ',
    killedBy: { file: SQLITE, ...FENCED },
  },
  {
    name: 'sqlite-statement-alone-that-wrote-nothing-is-a-commit',
    file: 'src/stores/sqlite-writes.ts',
    find: '.changes === 0) checkEpoch()',
    replace: '.changes === -1) checkEpoch()',
    killedBy: { file: SQLITE, ...FENCED },
  },
  {
    name: 'file-epoch-checked-too-early-only',
    file: 'src/stores/file-commit.ts',
    find: 'await checkPlace()\n  } catch',
    replace: '} catch',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'acknowledges nothing when a newer owner came between the check and the file',
    },
  },
  {
    name: 'file-not-synced',
    file: 'src/stores/file-io.ts',
    find: 'await handle.sync()',
    replace: '',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'syncs each file before its name and each folder before it answers',
    },
  },
  {
    name: 'folder-not-synced',
    file: 'src/stores/file-commit.ts',
    find: 'await inTurns(folders, syncFolderLater)',
    replace: '',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'syncs each file before its name and each folder before it answers',
    },
  },
  {
    name: 'file-torn-batch-left',
    file: 'src/stores/file-commit.ts',
    find: 'await Promise.allSettled(left.map((path) => rm(path, { force: true })))',
    replace: '',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'takes back what it had named when a later file of the batch fails',
    },
  },
  {
    name: 'file-damaged-header-trusted',
    file: 'src/stores/file-read.ts',
    find: 'if (header === undefined || header.key !== key || header.sequence !== sequence || header.epoch !== epoch) {',
    replace: 'if (header === undefined) {',
    killedBy: { file: FILE, test: 'takes no file for another key’s, nor for another sequence’s' },
  },
  {
    name: 'sqlite-remembers-what-was-rolled-back',
    file: 'src/stores/sqlite-claim.ts',
    find: 'rollBack(database)\n      writes.forget()',
    replace: 'rollBack(database)',
    killedBy: {
      file: SQLITE,
      test: 'says that the disk is full, keeps what was there, and goes on with what fits',
    },
  },
  {
    name: 'sqlite-keeps-one-only',
    file: 'src/stores/sqlite-writes.ts',
    find: 'const id = (sequence % keep) * STRIDE + head.id',
    replace: 'const id = head.id',
    killedBy: {
      file: SQLITE,
      test: 'keeps as many checkpoints as it was told, newest first',
      writtenIn: 'src/testing/contract/store/commits.ts',
    },
  },
  {
    name: 'sqlite-not-power-durable',
    file: 'src/stores/sqlite-claim.ts',
    find: 'const synced = log.durable(isOfOne)',
    replace: 'const synced = Promise.resolve()',
    killedBy: {
      file: 'test/stores/sqlite-durability.test.ts',
      test: 'syncs the log after each commit and before it resolves',
    },
  },
  {
    name: 'quarantine-throws-away',
    file: 'src/stores/memory-claim.ts',
    find: 'shelf.quarantined = [...shelf.quarantined, { ...bad, reason: keepable(reason), quarantinedAtMs: now() }]',
    replace: 'void keepable(reason)',
    killedBy: {
      file: MEMORY,
      test: 'makes the one before the newest',
      writtenIn: 'src/testing/contract/store/quarantine.ts',
    },
  },
  {
    name: 'folder-not-locked',
    file: 'src/stores/lock.ts',
    find: "database.exec('BEGIN EXCLUSIVE')",
    replace: "database.exec('BEGIN')",
    killedBy: {
      file: FILE,
      test: 'refuses a second claim at once and names the holder',
      writtenIn: 'src/testing/contract/store/ownership.ts',
    },
  },
  {
    name: 'durable-commit-refused-for-its-pruning',
    file: 'src/stores/file-commit.ts',
    find: '.catch(() => {})',
    replace: '',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'acknowledges what is durable even where the checkpoints too old to keep cannot be dropped',
    },
  },
  {
    name: 'goes-on-from-what-is-not-synced',
    file: 'src/stores/file-folders.ts',
    find: 'await syncFolderLater(folder)',
    replace: '',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'makes durable what it finds before it goes on from there',
    },
  },
  {
    name: 'folder-forgotten-after-a-failed-commit',
    file: 'src/stores/file-folders.ts',
    find: 'await inTurns(fresh, (folder) => makeOwnFolder(this.places.root, folder))',
    replace:
      'await inTurns(fresh, (folder) => makeOwnFolder(this.places.root, folder))\n    for (const folder of fresh) this.#durable.add(folder)',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'makes the name of a folder durable even where the commit that made it had failed',
    },
  },
  {
    name: 'set-aside-not-synced',
    file: 'src/stores/file-removal.ts',
    find: 'await syncFolderLater(aside)',
    replace: '',
    killedBy: { file: 'test/deep/deep.test.ts', test: 'power cuts of the file store' },
  },
  {
    name: 'removed-folder-emptied-before-it-is-gone',
    file: 'src/stores/file-claim.ts',
    find: '  const keyFolders = await KeyFolders.settle(shared)\n  // Only now: a folder that a killed owner had moved there must not come back with a part of its files.\n  for (const name of await namesIn(shared.temporary)) {\n    await rm(join(shared.temporary, name), { recursive: true, force: true })\n  }\n',
    replace:
      '  // Only now: a folder that a killed owner had moved there must not come back with a part of its files.\n  for (const name of await namesIn(shared.temporary)) {\n    await rm(join(shared.temporary, name), { recursive: true, force: true })\n  }\n  const keyFolders = await KeyFolders.settle(shared)\n',
    killedBy: {
      file: 'test/stores/file-durability.test.ts',
      test: 'empties what a killed owner had removed only once its name is durably gone',
    },
  },
  {
    name: 'owners-share-the-folder-under-way',
    file: 'src/stores/file-claim.ts',
    find: '{ ...shared, temporary: temporaryPath(shared) }',
    replace: 'shared',
    killedBy: {
      file: 'test/stores/file-stale.test.ts',
      test: 'so is one that was removing a key, which the other one still has',
    },
  },
  {
    name: 'newest-row-of-another-slot',
    file: 'src/stores/sqlite-schema.ts',
    find: 'SELECT max(sequence) FROM',
    replace: 'SELECT min(sequence) FROM',
    killedBy: {
      file: SQLITE,
      test: 'keeps as many checkpoints as it was told, newest first',
      writtenIn: 'src/testing/contract/store/commits.ts',
    },
  },
  {
    name: 'descriptor-opened-when-needed',
    file: 'src/stores/sqlite-log.ts',
    find: 'while (idle.length < DESCRIPTORS)',
    replace: 'while (idle.length < 1)',
    killedBy: {
      file: 'test/stores/sqlite-descriptors.test.ts',
      test: 'a claim with %i descriptors to spare is refused, and gives the store back',
    },
  },
  {
    name: 'deleted-store-goes-on',
    file: 'src/stores/sqlite-place.ts',
    find: 'identityOf(file) === opened[index]',
    replace: 'identityOf(file) === undefined || identityOf(file) === opened[index]',
    killedBy: {
      file: 'test/stores/sqlite-gone.test.ts',
      test: 'says so with the next commit when %s',
    },
  },
  {
    name: 'file-store-closes-before-its-commits',
    file: 'src/stores/file-claim.ts',
    find: '      await last\n      lock.release()',
    replace: '      lock.release()',
    killedBy: { file: FILE, ...CLOSES },
  },
  {
    name: 'key-value-store-closes-before-its-commits',
    file: 'src/stores/key-value/claim.ts',
    find: '      await last\n      release()',
    replace: '      release()',
    killedBy: { file: 'test/stores/phones.test.ts', ...CLOSES },
  },
  {
    name: 'key-value-store-acknowledges-what-the-next-claim-may-have-missed',
    file: 'src/stores/key-value/claim.ts',
    find: '      const done = await work()\n      await owner.check()',
    replace: '      const done = await work()',
    killedBy: {
      file: 'test/stores/phones-turns.test.ts',
      test: 'stands still anywhere while another claims and',
    },
  },
  {
    name: 'database-that-others-read-stays-so',
    file: 'src/stores/sqlite-open.ts',
    find: 'if (existsSync(file)) chmodSync(file, 0o600)',
    replace: 'void file',
    killedBy: {
      file: SQLITE,
      test: 'takes from others what they could read, of the database of an owner that was killed and of its log',
    },
  },
  {
    name: 'sqlite-synced-before-its-commit',
    file: 'src/stores/sqlite-claim.ts',
    find: '    const result = work()\n    const synced = log.durable(isOfOne)',
    replace: '    const synced = log.durable(isOfOne)\n    const result = work()',
    killedBy: { file: 'test/deep/deep.test.ts', test: 'power cuts of the SQLite store' },
  },
]
