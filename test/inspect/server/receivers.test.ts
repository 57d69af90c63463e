import { xstate4Inspector } from 'tardigrade/inspect'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'

const MEBIBYTE = 1024 * 1024

/** Whether a receiver that says so much is still answered, or with what its connection is ended. */
async function said(bytes: number): Promise<'answered' | number> {
  const inspector = await xstate4Inspector({ port: 0 })
  onTestFinished(() => inspector.close())
  const socket = new WebSocket(inspector.address ?? '')
  onTestFinished(() => socket.terminate())
  socket.on('error', () => {})
  await new Promise<void>((resolve) => socket.once('open', () => resolve()))
  const end = new Promise<'answered' | number>((resolve) => {
    socket.once('pong', () => resolve('answered'))
    socket.once('close', (code) => resolve(code))
  })
  socket.send('x'.repeat(bytes))
  socket.ping()
  return end
}

test('a receiver may say a mebibyte at once, and is let go for more', async () => {
  expect(await said(MEBIBYTE)).toBe('answered')
  expect(await said(MEBIBYTE + 1)).toBe(1009)
})
