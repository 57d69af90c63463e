import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.config.js'

/** `npm run test:browser`: all that concerns browsers, with as many kills as one has the time for. */
export default mergeConfig(
  { ...base, test: { ...base.test, projects: undefined } },
  defineConfig({
    test: {
      include: ['test/browser/**/*.test.ts'],
      env: { PAGE_CRASHES: '200', BROWSER_KILLS: '50', HOST_RUNS: '20', ...process.env },
    },
  }),
)
