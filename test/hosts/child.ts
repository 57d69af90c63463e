import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { onTestFinished } from 'vitest'
import { setup } from 'xstate'
import { readCheckpoint } from '../../src/runtime/read.js'
import { task } from '../../src/task/task.js'
import { createTreeCodec } from '../../src/xstate/codec.js'

const CHILD = fileURLToPath(new URL('./fixtures/child.mjs', import.meta.url))

export function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-host-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a child of the built package; it is gone with the test. */
export function start(mode: string, environment: NodeJS.ProcessEnv = {}) {
  const folder = folderOf()
  const child = spawn(process.execPath, [CHILD, folder, mode], { env: { ...process.env, ...environment } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said: string[] = []
  const errors: string[] = []
  const waiting = new Map<string, () => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line)
    waiting.get(line)?.()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => void errors.push(text))
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  return {
    folder,
    child,
    said,
    /** Resolves when the child says this line; rejects when it ends before. */
    until(line: string): Promise<void> {
      if (said.includes(line)) return Promise.resolve()
      return Promise.race([
        new Promise<void>((resolve) => void waiting.set(line, resolve)),
        ended.then(() => {
          throw new Error(`the child ended before “${line}”: ${errors.join('')}`)
        }),
      ])
    },
    /** Its exit code, or the signal that ended it, and what it wrote to the error stream. */
    async end(): Promise<{ code: number | NodeJS.Signals | null; errors: string }> {
      const [code, signal] = await ended
      return { code: signal ?? code, errors: errors.join('') }
    },
  }
}

const definition = defineService({
  id: 'child',
  version: 1,
  machine: setup({ actors: { work: task(() => {}) } }).createMachine({
    initial: 'on',
    states: { on: { invoke: { src: 'work', id: 'work' } } },
  }),
})

/** Where the child's service rests, and how many steps of its task are kept. */
export async function restOf(
  folder: string,
): Promise<{ phase: string; holds: readonly string[]; steps: number }> {
  const reader = await sqliteStore(folder).read()
  const stored = await reader.load('life')
  await reader.close()
  if (stored === undefined) throw new Error('nothing is stored')
  const { record } = readCheckpoint(
    stored.text,
    definition as never,
    'life',
    createTreeCodec(definition as never),
  )
  const steps = record.root.children?.[0]?.snapshot.steps as readonly unknown[] | undefined
  return { phase: record.phase, holds: record.holds, steps: steps?.length ?? 0 }
}
