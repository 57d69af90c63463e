import { describeHost } from 'tardigrade'
import { browserHost } from 'tardigrade/hosts/browser'
import { expect, test } from 'vitest'
import { pageOf } from '../docs/snippets.js'

test('the documentation has what describeHost says of the browser', () => {
  const described = describeHost(browserHost())
  expect(pageOf('docs/platforms.md')).toContain(described)
  expect(described).toMatch(
    /^\| lives \| .*a service worker some seconds.*\n\| survives \| `indexedDbStore`: /m,
  )
})

test('Node is no page: the host says so when it is set up, and names another', () => {
  const sink = { interrupt: async () => {}, release: async () => {}, shutdown: async () => {} }
  expect(() => browserHost()(sink)).toThrow(/This platform has no page or worker. .*nodeHost/)
})
