import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { processExists } from '../../src/control/process-exists.js'

test.runIf(process.platform === 'linux')(
  'a process that has died is none, though its parent has not asked after it',
  async () => {
    // The shell becomes a program that never asks after the child that it had as a shell.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(String(line))
    await vi.waitFor(() => expect(processExists(pid, Date.now())).toBe(false))
    expect(() => process.kill(pid, 0)).not.toThrow()
    expect(processExists(parent.pid ?? 0, Date.now())).toBe(true)
    // It has the number of one that was there before it began.
    expect(processExists(parent.pid ?? 0, Date.now() - 60_000)).toBe(false)
  },
)

test('this process is the one that is meant since it began', () => {
  expect(processExists(process.pid, Date.now())).toBe(true)
  expect(processExists(process.pid, performance.timeOrigin - 1)).toBe(false)
})

test('a number that nobody has is nobody’s', () => {
  expect(processExists(2 ** 22 + 1, Date.now())).toBe(false)
})
