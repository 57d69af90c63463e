import { describeHost } from 'tardigrade'
import { browserHost } from 'tardigrade/hosts/browser'
import { expect, test } from 'vitest'
import { pageOf } from '../docs/snippets.js'

test('the documentation has what describeHost says of the browser', () => {
  expect(pageOf('docs/platforms.md')).toContain(describeHost(browserHost()))
})

test('Node is no page: the host says so when it is set up, and names another', () => {
  const sink = { interrupt: async () => {}, release: async () => {}, shutdown: async () => {} }
  expect(() => browserHost()(sink)).toThrow(/This platform has no page or worker. .*nodeHost/)
})
