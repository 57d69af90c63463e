import { statelyInspector, xstate4Inspector } from 'tardigrade/inspect'
import { afterEach, expect, test, vi } from 'vitest'
import { freePort } from './kit.js'

afterEach(() => vi.unstubAllGlobals())

/** What a program in plain JavaScript may give. */
type Anything = never

test.each([
  ['redcat', { redcat: ['password'] }],
  ['redcat', { way: 'websocket', redcat: ['password'] }],
  ['redact', { way: 'websocket', redact: 'password' }],
  ['only', { way: 'websocket', only: 'lamp' }],
  ['label', { way: 'websocket', label: 5 }],
  ['onWarning', { way: 'websocket', onWarning: 'console' }],
  ['clock', { way: 'websocket', clock: Date }],
  ['url', { way: 'websocket', url: 8080 }],
  ['port', { way: 'websocket', port: 8080 }],
  ['way', { port: 8080, way: 'nope' }],
  ['port', { way: 'server', port: '8080' }],
  // The package would print an address at which nobody listens.
  ['port', { way: 'server', port: 0 }],
  ['url', { way: 'server', url: 'nowhere' }],
  ['autoOpen', { way: 'server', autoOpen: 'yes' }],
  ['iframe', { iframe: {} }],
  ['window', { way: 'browser', window: {} }],
  ['iframe', { way: 'browser', iframe: null }],
  ['of statelyInspector (way server)', null],
])('statelyInspector refuses an option %s that says nothing', async (option, options) => {
  const refused = statelyInspector(options as Anything)
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', option })
})

test.each([
  ['prot', { prot: 1 }],
  ['port', { port: 'x' }],
  ['port', { way: 'browser', url: 'https://viz.example', port: 1 }],
  ['allowOrigins', { allowOrigins: ['*'] }],
  ['onEvent', { onEvent: 5 }],
  ['redact', { redact: 'password' }],
  ['way', { way: 'websocket' }],
  ['url', { way: 'browser' }],
  ['url', { way: 'browser', url: '/receive' }],
])('xstate4Inspector refuses an option %s that says nothing', async (option, options) => {
  const refused = xstate4Inspector(options as Anything)
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', option })
})

test('without a way, the options are those of the way that it becomes', async () => {
  const port = await freePort()
  const stately = await statelyInspector({ port, onWarning: () => {} })
  expect(stately.address).toBe(`http://localhost:${port}`)
  await stately.close()
  vi.stubGlobal('window', { open: () => null, addEventListener() {}, removeEventListener() {} })
  const opened = await statelyInspector({ url: 'https://inspector.example', onWarning: () => {} })
  expect(opened.address).toBe('https://inspector.example')
  await opened.close()
  await expect(statelyInspector({ port })).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'port' })
})
