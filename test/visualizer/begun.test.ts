// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

test('a trace that is opened before the page has what it connects with is shown alone: nothing connects any more', async () => {
  const opened: string[] = []
  class FakeSocket {
    constructor(url: string) {
      opened.push(url)
    }
    close(): void {}
  }
  vi.stubGlobal('WebSocket', FakeSocket)
  location.hash = '#token=secret'
  const { connection, openFile, startSession } = await import('../../visualizer/src/shell/session.js')
  startSession()
  openFile(new File(['{"tardigradeTrace":1,"messages":[]}'], 'trace.json'))
  await expect.poll(() => connection.value.status).toBe('recorded')
  expect(opened).toEqual([])
})
