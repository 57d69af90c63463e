import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { freePort, Receiver } from './kit.js'

const run = promisify(execFile)
const fixture = join(import.meta.dirname, 'fixtures/inspected.mjs')

/** One that hangs is ended then, and fails its test. */
const PATIENCE_MS = 20_000

/** What the process prints, when it has ended by itself. */
async function printed(options: object): Promise<string> {
  const { stdout } = await run(process.execPath, [fixture, JSON.stringify(options)], { timeout: PATIENCE_MS })
  return stdout
}

describe('a process comes to its end though nobody closes its inspector', () => {
  test('whose receiver is not there', async () => {
    const url = `ws://127.0.0.1:${await freePort()}`
    expect(await printed({ way: 'websocket', url })).toBe('closed\n')
  })

  test('whose receiver stays', async () => {
    const receiver = await Receiver.listen()
    expect(await printed({ way: 'websocket', url: receiver.url })).toBe('closed\n')
    await receiver.state('lamp/lamp', 'on')
    await receiver.die()
  })

  test('which runs the server itself', async () => {
    expect(await printed({ way: 'server', port: await freePort() })).toBe('closed\n')
  })
})
