import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const src = fileURLToPath(new URL('./src', import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^#inspection$/, replacement: `${src}/inspect/server/in-process.ts` },
      { find: /^tardigrade$/, replacement: `${src}/index.ts` },
      { find: /^tardigrade\/inspect$/, replacement: `${src}/inspect/index.ts` },
      { find: /^tardigrade\/testing$/, replacement: `${src}/testing/index.ts` },
      { find: /^tardigrade\/(.*)$/, replacement: `${src}/$1.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] },
    testTimeout: 30_000,
    allowOnly: false,
  },
})
