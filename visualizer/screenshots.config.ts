import { fileURLToPath } from 'node:url'
import base from '../vitest.config.js'

/** `npm run screenshots`: the pictures of the documentation, taken of a recording in a real browser. */
export default {
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: base.resolve,
  test: { include: ['test/visualizer/kit/screenshots.ts'], testTimeout: 60_000 },
}
