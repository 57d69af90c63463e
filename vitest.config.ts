import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))
const src = `${root}src`

/** What replaces modules or the platform for its whole file must come before anything has loaded them. */
const REPLACES = /\bvi\.(mock|doMock|hoisted)\(|^\/\/ @vitest-environment/m
/** It builds a page by itself, and stood still where another file of its process had come before. */
const BUILDS = 'test/browser/upload.test.ts'
/** It has all garbage collected again and again, which takes ever longer beside what many files leave behind. */
const COLLECTS = /from '[./]+\/kit\/garbage\.js'/
/** It works our page in a browser, as a person does, or says of itself that it takes long: minutes in all, for `npm run test:long`. */
const LONG = /from '\.\/kit\/page\.js'|^\/\/ @long\b/m
/** The share of the page for every `npm test`: a running service that is looked at, and what must never be run as a script. */
const SHARE = ['test/visualizer/live.test.ts', 'test/visualizer/hostile.test.ts']

const files = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
const holds = (path: string, pattern: RegExp) => pattern.test(readFileSync(root + path, 'utf8'))
const alone = files.filter((path) => path === BUILDS || holds(path, REPLACES))
const collecting = files.filter((path) => holds(path, COLLECTS) && !alone.includes(path))
const long = files.filter((path) => holds(path, LONG) && !SHARE.includes(path))

/** Vitest keeps these options of its command line from projects. */
const asked = (option: RegExp) => process.argv.some((argument) => option.test(argument))
const types = !asked(/^--typecheck(\.enabled)?=false$/)
const workers = asked(/^--maxWorkers\b/)

export default defineConfig({
  resolve: {
    alias: [
      // The sources, as everywhere: the built one has classes of its own.
      { find: /^#inspection$/, replacement: `${src}/inspect/server/in-process.ts` },
      { find: /^tardigrade$/, replacement: `${src}/index.ts` },
      { find: /^tardigrade\/inspect$/, replacement: `${src}/inspect/index.ts` },
      { find: /^tardigrade\/react$/, replacement: `${src}/react/index.ts` },
      { find: /^tardigrade\/testing$/, replacement: `${src}/testing/index.ts` },
      {
        find: /^tardigrade\/(stores\/indexeddb|hosts\/(?:browser|embedder|node))$/,
        replacement: `${src}/$1/index.ts`,
      },
      { find: /^tardigrade\/(.*)$/, replacement: `${src}/$1.ts` },
    ],
  },
  test: {
    testTimeout: 30_000,
    allowOnly: false,
    // Vitest itself would leave one processor to itself, which is half of two. With one more than there are, tests would end a twentieth
    // sooner, and each take half as long again: on a slow machine longer than it may.
    ...(workers ? {} : { maxWorkers: '100%' }),
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...alone, ...collecting, ...long],
          // A process loads the library once, and not for each of its files.
          isolate: false,
          typecheck: {
            enabled: types,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: 'test/types/tsconfig.json',
          },
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
      // Together too, but in processes that have seen nothing else.
      { extends: true, test: { name: 'collecting', include: collecting, isolate: false } },
      { extends: true, test: { name: 'long', include: long, isolate: false } },
    ],
  },
})
