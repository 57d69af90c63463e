import { type ChildProcess, spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { guestUrl, showing } from '../inspect/guests/kit.js'
import { freePort } from '../inspect/kit.js'
import { HERE, page, WITH_4, written } from './guest-snippets.js'
import { snippets } from './snippets.js'

function started(path: string): ChildProcess {
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'ignore', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('an application in Node with XState 5 is shown as the page has it', async () => {
  const { client, address, end } = await showing()
  onTestFinished(end)
  const url = guestUrl(address, 'stately')
  started(written('stately.mjs', HERE, (code) => code.replace(/ws:.*WkM3…/, url)))
  await client.until(() => client.of('xstate:lamp').some(({ kind }) => kind === 'step'))
})

test('an application in Node with XState 4 is shown as the page has it', async () => {
  const port = `${await freePort()}`
  const connect = page.match(/--connect (ws:\S+)/)?.[1]?.replace('8888', port) ?? expect.fail('no --connect')
  const { client, end } = await showing({ connect: [connect] })
  onTestFinished(end)
  started(written('xstate4.mjs', WITH_4, (code) => code.replace('8888', port)))
  await client.until(() => client.of('xstate:lamp').some(({ kind }) => kind === 'step'))
})

test('each of them says what is to be installed', () => {
  const installs = snippets(page, 'sh').filter(({ code }) => code.startsWith('npm install'))
  const named = installs.map(({ code }) => code).join('')
  for (const { code } of snippets(page, 'js')) {
    const imports = [...code.matchAll(/from '((?:@[^/]+\/)?[^/']+)/g)].map(([, name]) => name)
    expect(imports.length).toBeGreaterThan(1)
    for (const name of imports) expect(named).toContain(` ${name}@`)
  }
})
