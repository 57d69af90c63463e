import { createServer, type Server } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../src/inspect/server/listen.js'

function server(): Server {
  const made = createServer()
  onTestFinished(() => void made.close())
  return made
}

test('each port that is taken leaves nothing behind on the server that tries the next one', async () => {
  const first = 48_200
  for (let at = 0; at < 12; at++) await listen(server(), undefined, first)
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  onTestFinished(() => void process.off('warning', note))
  const last = server()
  const port = await listen(last, undefined, first)
  expect(port).toBeGreaterThan(first)
  // Node tells them a moment later.
  await new Promise(setImmediate)
  expect(warnings).toEqual([])
})
