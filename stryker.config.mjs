// Changes the rooms that decide, place by place, and sees whether a test fails: `npm run test:stryker`, or for one
// folder, with the tests of its room alone, `TARDIGRADE_ROOMS=service npm run test:stryker -- --mutate 'src/service/**/*.ts'`.

// A property must find the change within so many sequences, as with the planted mutants.
process.env.TARDIGRADE_RUNS = '100'

export default {
  mutate: ['src/service/**/*.ts', 'src/checkpoint/**/*.ts', 'src/task/snapshot.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.stryker.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  // It would rewrite tsconfig.json by a part of TypeScript that version 7 no longer has; vitest needs no change of it.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // What a change of code or tests does not touch is not tried again.
  incremental: true,
  incrementalFile: 'coverage/stryker-incremental.json',
  // Those at the top of a module, such as constants, cost a whole run each.
  ignoreStatic: true,
  ignorePatterns: ['dist', 'coverage', 'docs', '/.tardigrade*', 'transfer-demo'],
  tempDirName: 'coverage/stryker-tmp',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'coverage/stryker.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: true },
}
