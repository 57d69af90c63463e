import { fileURLToPath } from 'node:url'
import { beforeAll } from 'vitest'
import { compiled } from '../../crash/child.js'
import { bringUpToDate } from '../../kit/built.js'

export const LIMIT_MS = 180_000
export const module = fileURLToPath(new URL('fixture.mjs', import.meta.url))
export const sound = { module, export: 'sound' }

/** The kit as compiled code, which its processes run. */
export const kit = async (): Promise<typeof import('tardigrade/testing')> =>
  import(compiled('src/testing/index.js'))

/** To be called by a file of tests. */
export const beforeProcesses = () => beforeAll(bringUpToDate, LIMIT_MS)
