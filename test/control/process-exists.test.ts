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
    await vi.waitFor(() => expect(processExists(pid)).toBe(false))
    expect(() => process.kill(pid, 0)).not.toThrow()
    expect(processExists(parent.pid ?? 0)).toBe(true)
  },
)
