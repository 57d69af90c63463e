import { defineConfig } from 'vitest/config'
import rooms from './vitest.stryker.config.js'

/**
 * What of the core its own tests reach: `npm run test:coverage`. Tests of what is made of the core reach more of it, and
 * are not counted: they were not written for it.
 */
export default defineConfig({
  ...rooms,
  test: {
    ...rooms.test,
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/{service,checkpoint,xstate,runtime,task}/**/*.ts'],
      reportsDirectory: 'coverage/core',
      reporter: [['text', { skipFull: true }], 'json'],
      // What it is held at: all of them.
      thresholds: { branches: 100 },
    },
  },
})
