import { defineConfig } from 'vitest/config'
import base from './vitest.config.js'

/** The tests of the rooms that decide, and of those that are made of them: each is quick, and starts no process. */
const ROOMS = ['service', 'checkpoint', 'task', 'timers', 'xstate', 'runtime', 'golden', 'counterexamples']

/** `TARDIGRADE_ROOMS=service` takes the tests of that room alone: a first look, which leaves more changes alive than all would. */
const rooms = process.env.TARDIGRADE_ROOMS?.split(',') ?? ROOMS

const { projects, ...shared } = base.test ?? {}

export default defineConfig({
  ...base,
  test: { ...shared, include: rooms.map((room) => `test/${room}/**/*.test.ts`) },
})
