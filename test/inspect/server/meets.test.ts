import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { InspectionFailedError } from '../../../src/errors/inspect.js'
import { Guests } from '../../../src/inspect/guests/guests.js'
import { HIDE_NOTHING } from '../../../src/inspect/redact.js'
import { tellingFailures } from '../../../src/inspect/server/failures.js'
import { incarnationAt } from '../../../src/inspect/server/incarnation-name.js'
import { Page } from '../../../src/inspect/server/page.js'
import { serveInspection } from '../../../src/inspect/server/serve.js'
import { StoredWatch } from '../../../src/inspect/server/stored-watch.js'
import { Journal } from '../../../src/inspect/stream/journal.js'
import { systemClock } from '../../../src/runtime/clock.js'

function build(folder: string): void {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<p>The page</p>')
  writeFileSync(join(folder, 'assets', 'page.js'), 'page()')
}

/** A server over a page of its own, in a folder. */
async function serving(isToken: (given: string) => boolean = () => false, isBuilt = true) {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  if (isBuilt) build(folder)
  const nothing = { list: async () => [], load: async () => Promise.reject(), history: async () => [] }
  const journal = new Journal(0)
  const warnings: InspectionFailedError[] = []
  const served = {
    journal,
    guests: new Guests(journal, HIDE_NOTHING, systemClock, incarnationAt),
    stored: new StoredWatch(nothing, HIDE_NOTHING, () => true, systemClock),
    hello: { pid: process.pid },
    isToken,
    arrives: async () => {},
    control: undefined,
    failed: tellingFailures((warning) => void warnings.push(warning)),
  }
  const server = await serveInspection(served, 0, new Page(folder))
  onTestFinished(() => server.close())
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`)
    return [answer.status, await answer.text()] as const
  }
  return { folder, port: server.port, get, warnings }
}

const ANEW = [
  503,
  expect.stringMatching(/not those with which this process has started.*Start the process again/),
]

test('of a page whose files were removed meanwhile, a request is told so, and the next one is answered', async () => {
  const { folder, get } = await serving()
  expect(await get('/')).toEqual([200, '<p>The page</p>'])
  rmSync(join(folder, 'assets', 'page.js'))
  expect(await get('/assets/page.js')).toEqual(ANEW)
  rmSync(folder, { recursive: true })
  expect(await get('/')).toEqual(ANEW)
  expect(await get('/nowhere')).toEqual([404, 'There is nothing here.\n'])
})

test('a page that was built anew is not told in parts that nobody finds', async () => {
  const { folder, get } = await serving()
  rmSync(join(folder, 'assets', 'page.js'))
  writeFileSync(join(folder, 'assets', 'page-2.js'), 'page()')
  expect(await get('/')).toEqual(ANEW)
})

test('of a page that was built only after the start, a request is told to start the process again', async () => {
  const { folder, get } = await serving(undefined, false)
  expect(await get('/')).toEqual([503, expect.stringContaining('The page is not built.')])
  build(folder)
  expect(await get('/')).toEqual(ANEW)
  expect(await get('/assets/page.js')).toEqual([404, 'There is nothing here.\n'])
})

test('whatever a request meets is its own: it is told what, and the next one is answered', async () => {
  const { folder, get } = await serving()
  rmSync(join(folder, 'assets', 'page.js'))
  mkdirSync(join(folder, 'assets', 'page.js'))
  expect(await get('/assets/page.js')).toEqual([
    500,
    expect.stringMatching(/EISDIR.*its services go on.*start the process again/),
  ])
  expect(await get('/nowhere')).toEqual([404, 'There is nothing here.\n'])
})

test('whatever an upgrade meets is its own', async () => {
  const { port, get, warnings } = await serving(() => {
    throw new Error('no token can be compared')
  })
  const guest = new WebSocket(`ws://127.0.0.1:${port}/stately?token=x`)
  const failed = new Promise<Error>((resolve) => guest.once('error', resolve))
  expect((await failed).message).toContain('500')
  expect(warnings).toMatchObject([
    { code: 'INSPECTION_FAILED', cause: { message: 'no token can be compared' } },
  ])
  expect(await get('/nowhere')).toEqual([404, 'There is nothing here.\n'])
})

test('whatever the hello of a client meets ends its own connection, and is told once for each cause', async () => {
  const causes = ['no token can be compared', 'no token can be compared', 'no memory']
  let hellos = 0
  const { port, get, warnings } = await serving(() => {
    throw new Error(causes[hellos++])
  })
  for (const _ of causes) {
    const client = new WebSocket(`ws://127.0.0.1:${port}/stream`)
    const closed = new Promise((resolve) =>
      client.once('close', (code, reason) => resolve([code, String(reason)])),
    )
    client.once('open', () =>
      client.send(JSON.stringify({ type: 'hello', version: 1, token: 'x', seen: {} })),
    )
    expect(await closed).toEqual([1011, 'INTERNAL'])
  }
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('Who looks on could not be answered: Error: no token can be compared.'),
    expect.stringContaining('Who looks on could not be answered: Error: no memory.'),
  ])
  expect(await get('/nowhere')).toEqual([404, 'There is nothing here.\n'])
})

test('a process without an open file left answers a request with that, and goes on', async () => {
  const fixture = join(import.meta.dirname, '../fixtures/spent.mjs')
  const child = spawn('sh', ['-c', 'ulimit -n 80; exec "$0" "$1"', process.execPath, fixture])
  onTestFinished(() => void child.kill('SIGKILL'))
  let printed = ''
  child.stderr.pipe(process.stderr)
  const until = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => printed.includes(text) && resolve()
      child.stdout.on('data', (data) => {
        printed += data
        look()
      })
      child.once('exit', (code) => reject(new Error(`It ended with ${code}.`)))
      look()
    })
  await until('listens at')
  const port = Number(/listens at (\d+)/.exec(printed)?.[1])
  // One that is there already needs no file more.
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  child.stdin.write('spend\n')
  await until('spent')
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  const answer = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))))
  expect(answer).toMatch(/^HTTP\/1\.1 500 .*EMFILE/s)
  await until('INSPECTION_FAILED: Who looks on could not be answered: Error: EMFILE')
  child.stdin.write('spare\n')
  await until('the service is on')
})
