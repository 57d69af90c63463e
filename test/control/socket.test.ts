import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  ControlForbiddenError,
  ControlUnavailableError,
  callControl,
  OwnerUnreachableError,
  serveControl,
} from '../../src/control/index.js'
import { temporaryFolder } from '../kit/folder.js'
import { served } from './kit.js'

// The fault model: other users of the machine, owners that were killed, and paths too long for a socket.

const modeOf = (path: string) => lstatSync(path).mode & 0o777
const ping = (folder: string) => callControl(folder, { type: 'ping' })

/** A folder whose socket would have a path that no system takes. */
function deepFolder(): string {
  const folder = join(temporaryFolder(), 'd'.repeat(100), 'e'.repeat(100))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

test('only its user can open the socket', async () => {
  const folder = temporaryFolder()
  await served(folder)
  const socket = join(folder, 'control.sock')
  expect(lstatSync(socket).isSocket()).toBe(true)
  expect(modeOf(socket)).toBe(0o600)
  expect(modeOf(folder)).toBe(0o700)
  expect(readdirSync(folder)).toEqual(['control.sock'])
  // Even in a folder that everybody may enter.
  chmodSync(folder, 0o755)
  expect(asAnotherUser(socket)).toBe('EACCES')
})

/** What another user gets who connects; only root can try, so for others the modes must be proof enough. */
function asAnotherUser(socket: string): string {
  if (process.getuid?.() !== 0) return 'EACCES'
  const script = `require('node:net').connect(process.argv[1])
    .on('connect', () => { console.log('open'); process.exit() })
    .on('error', ({ code }) => console.log(code))`
  const child = spawnSync(process.execPath, ['-e', script, socket], {
    uid: 65534,
    gid: 65534,
    encoding: 'utf8',
  })
  return child.stdout.trim()
}

test('a path too long for a socket: it stands elsewhere, and is as closed', async () => {
  const folder = deepFolder()
  const { stop } = await served(folder)
  expect(readdirSync(folder)).toEqual(['control.path'])
  const pointer = join(folder, 'control.path')
  expect(modeOf(pointer)).toBe(0o600)
  const socket = readFileSync(pointer, 'utf8').trim()
  expect(lstatSync(socket).isSocket()).toBe(true)
  expect(modeOf(socket)).toBe(0o600)
  expect(modeOf(dirname(socket))).toBe(0o700)
  expect(await ping(folder)).toMatchObject({ pid: process.pid })
  await stop()
  expect(existsSync(dirname(socket))).toBe(false)
  expect(readdirSync(folder)).toEqual([])
})

test('what a killed owner left behind is replaced', async () => {
  for (const folder of [temporaryFolder(), deepFolder()]) {
    // Nobody stops the first one: to the second it is dead, since the store's lock was given to the second.
    await served(folder)
    const pointer = join(folder, 'control.path')
    const before = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : undefined
    mkdirSync(join(folder, 'control-aB3xYz'))
    const { supervisor } = await served(folder)
    expect(readdirSync(folder)).toHaveLength(1)
    if (before !== undefined) expect(existsSync(dirname(before))).toBe(false)
    expect(await ping(folder)).toMatchObject({ services: supervisor.services().length })
  }
})

test('a dead socket reads as nobody, and is replaced', async () => {
  const folder = temporaryFolder()
  const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script, join(folder, 'control.sock')])
  expect(lstatSync(join(folder, 'control.sock')).isSocket()).toBe(true)
  await expect(ping(folder)).rejects.toBeInstanceOf(OwnerUnreachableError)
  await served(folder)
  expect(await ping(folder)).toMatchObject({ pid: process.pid })
})

test('stopping leaves the socket of a later owner alone', async () => {
  const folder = temporaryFolder()
  const first = await served(folder)
  await served(folder)
  await first.stop()
  expect(await ping(folder)).toMatchObject({ pid: process.pid })
})

test('stopping twice is stopping', async () => {
  const folder = temporaryFolder()
  const { stop } = await served(folder)
  await Promise.all([stop(), stop()])
  await stop()
  expect(readdirSync(folder)).toEqual([])
})

test.each(['first', 'second'])('who listens twice listens on where the %s ends', async (ended) => {
  const folder = temporaryFolder()
  const { supervisor, stop } = await served(folder, { keepAlive: true })
  const [again, andAgain] = await Promise.all([
    serveControl(supervisor, folder),
    serveControl(supervisor, folder),
  ])
  await andAgain()
  await (ended === 'first' ? stop : again)()
  await andAgain()
  expect(await ping(folder)).toMatchObject({ pid: process.pid })
  await (ended === 'first' ? again : stop)()
  expect(readdirSync(folder)).toEqual([])
  const anew = await serveControl(supervisor, folder)
  expect(await ping(folder)).toMatchObject({ pid: process.pid })
  await anew()
})

test('it keeps the process for as long as one of those asks for it', async () => {
  const listening = () =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'PipeServerWrap' || kind === 'PipeWrap').length
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  const before = listening()
  const stop = await serveControl(supervisor, folder, { keepAlive: true })
  expect(listening()).toBe(before + 1)
  await stop()
  expect(listening()).toBe(before)
})

test('where no socket can be made, it is said what folder to give', async () => {
  const folder = temporaryFolder()
  const { supervisor } = await served(folder)
  writeFileSync(join(folder, 'file'), '')
  for (const [name, reason] of [
    ['nowhere', /no such file or directory/],
    ['file', /not a directory/],
  ] as const) {
    const served = serveControl(supervisor, join(folder, name))
    await expect(served).rejects.toThrow(ControlUnavailableError)
    await expect(served).rejects.toThrow(reason)
    await expect(served).rejects.toThrow('Give serveControl the store’s folder')
  }
  // What was refused once is tried again.
  mkdirSync(join(folder, 'nowhere'))
  await (await serveControl(supervisor, join(folder, 'nowhere')))()
})

test('a socket elsewhere, in a folder that others may enter, is not used', async () => {
  const folder = temporaryFolder()
  const open = temporaryFolder()
  chmodSync(open, 0o777)
  const socket = join(open, 'control.sock')
  const server = createServer()
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  writeFileSync(join(folder, 'control.path'), `${socket}\n`, { mode: 0o600 })
  await expect(ping(folder)).rejects.toBeInstanceOf(ControlForbiddenError)
})

test.each(['', 'relative/control.sock', '/nowhere/control.sock', '/etc\n/passwd'])(
  'a pointer with %j leads nowhere, and nothing is removed for it',
  async (text) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'control.path'), text)
    await expect(ping(folder)).rejects.toBeInstanceOf(OwnerUnreachableError)
    await served(folder)
    expect(await ping(folder)).toMatchObject({ pid: process.pid })
  },
)

test('a pointer to somebody else’s folder removes nothing', async () => {
  const folder = temporaryFolder()
  const other = join(temporaryFolder(), 'precious')
  mkdirSync(other)
  writeFileSync(join(other, 'control.sock'), 'data')
  writeFileSync(join(folder, 'control.path'), join(other, 'control.sock'))
  await served(folder)
  expect(readFileSync(join(other, 'control.sock'), 'utf8')).toBe('data')
})

test('a plain file in the socket’s place is no socket', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'control.sock'), '')
  await expect(ping(folder)).rejects.toBeInstanceOf(ControlForbiddenError)
})
