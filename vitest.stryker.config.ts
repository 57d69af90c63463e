import { defineConfig } from 'vitest/config'
import base from './vitest.config.js'

/** The tests of the rooms that decide, and of those that are made of them: each is quick, and starts no process. */
const ROOMS = ['service', 'checkpoint', 'task', 'timers', 'xstate', 'runtime', 'golden', 'counterexamples']

const { projects, ...shared } = base.test ?? {}

export default defineConfig({
  ...base,
  test: { ...shared, include: ROOMS.map((room) => `test/${room}/**/*.test.ts`) },
})
