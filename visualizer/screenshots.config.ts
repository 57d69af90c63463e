import base from '../vitest.config.js'

/** `npm run screenshots`: the pictures of the documentation, taken of a recording in a real browser. */
export default {
  ...base,
  root: new URL('..', import.meta.url).pathname,
  test: { ...base.test, include: ['test/visualizer/kit/screenshots.ts'], typecheck: { enabled: false } },
}
