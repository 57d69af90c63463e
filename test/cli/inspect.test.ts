import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSupervisor } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { guest, guestUrl, turnedAway } from '../inspect/guests/kit.js'
import { Client } from '../inspect/server/kit.js'
import { damaged, lamp, put, recordedStore } from '../inspect/server/unreadable-kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliError, fixture, owner } from './kit.js'

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

interface Inspecting extends Started {
  readonly client: Client
}

interface Started {
  readonly child: ChildProcess
  /** What it has written to stderr. */
  readonly errors: () => string
  readonly told: { readonly address: string; readonly [field: string]: unknown }
}

/** Starts `tardigrade inspect --json`. */
async function started(store: string, ...args: string[]): Promise<Started> {
  const child = spawn(
    process.execPath,
    [MAIN, '--store', store, 'inspect', '--port', '0', '--json', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let errors = ''
  child.stderr?.on('data', (data) => {
    errors += data
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const text = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(String(data))),
  )
  return { child, told: JSON.parse(text) as Started['told'], errors: () => errors }
}

/** The same, and connects to it. */
async function inspecting(store: string, ...args: string[]): Promise<Inspecting> {
  const begun = await started(store, ...args)
  const client = await new Client(begun.told.address).connect()
  onTestFinished(() => client.disconnect())
  return { ...begun, client }
}

test('a counterexample is shown by its token and module, or by its file, to whoever has the address alone', async () => {
  const verified = fixture('verified.mjs')
  const { out } = await cli('', 'verify', verified, '--export', 'bird', '--runs', '300', '--seed', '7')
  const command = /Look at it: npx tardigrade inspect (--counterexample) (\S+) (\S+)/m.exec(out)
  const shown = async (...args: string[]) => {
    const { told, child } = await started(temporaryFolder(), ...args)
    const { origin, hash } = new URL(told.address)
    const path = new URLSearchParams(hash.slice(1)).get('trace') ?? expect.fail(told.address)
    const text = await (await fetch(`${origin}/${path}`)).text()
    const elsewhere = await fetch(`${origin}/${path.replace(/^[^/]+/, 'x'.repeat(32))}`)
    expect(elsewhere.status).toBe(404)
    const foreign = await fetch(`${origin}/${path}`, { headers: { Origin: 'https://example.com' } })
    expect(foreign.status).toBe(403)
    child.kill('SIGTERM')
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    return text
  }
  const text = await shown(...(command?.slice(1) ?? []))
  expect(JSON.parse(text).messages.at(-1)).toMatchObject({
    type: 'counterexample',
    service: 'canary',
    difference: 'machine.context.n is 1, and 2 without the interruption',
  })
  const file = join(temporaryFolder(), 'found.json')
  writeFileSync(file, text)
  expect(await shown('--counterexample', file)).toBe(text)
  const refused = async (...args: string[]) => (await cliError('', 'inspect', ...args)).error.message
  expect(await refused('--counterexample', command?.[2] ?? '')).toMatch('Name its module')
  expect(await refused('--counterexample', verified)).toMatch('is no trace')
  expect(await refused('--counterexample', 'nowhere.json')).toMatch('cannot be read')
  for (const option of [['--redact', 'n'], ['--control']])
    expect(await refused('--counterexample', file, ...option)).toMatch(
      `cannot be used with option '${option[0]}`,
    )
  expect(await refused(verified)).toMatch('says nothing of a store')
})

test('a counterexample of a machine is shown, too', async () => {
  const machines = fixture('machines.mjs')
  const { out } = await cli('', 'verify', machines, '--export', 'beside', '--runs', '100', '--seed', '7')
  const command = /Look at it: npx tardigrade inspect (--counterexample) (\S+) (\S+)/m.exec(out)
  const { told, child } = await started(temporaryFolder(), ...(command?.slice(1) ?? []))
  expect(told.address).toMatch(/^http/)
  child.kill('SIGTERM')
})

test('a killed owner and the next one are one line of history, beside both and at rest', async () => {
  const store = temporaryFolder()
  const run = ['--key', 'hall', '--inspect', '0']
  const first = await owner(store, fixture('lamp.mjs'), ...run)
  const { client, child } = await inspecting(store)
  expect((await cli(store, 'send', 'hall', 'PRESS')).code).toBe(0)
  await client.until(() => client.of('hall').some(({ kind }) => kind === 'commit'))
  const [one = ''] = [...client.entries.keys()]
  first.kill('SIGKILL')
  await first.exit
  await client.until(() =>
    client.all('incarnation').some(({ incarnation, live }) => incarnation === one && !live),
  )

  const second = await owner(store, fixture('lamp.mjs'), ...run)
  expect((await cli(store, 'send', 'hall', 'PRESS')).code).toBe(0)
  await client.until(() => {
    const steps = client.of('hall').filter((entry) => entry.kind === 'step' && entry.event === 'PRESS')
    return steps.length === 2
  })
  expect(client.entries.size).toBe(2)
  expect(client.all('gap')).toEqual([])
  const presses = client
    .of('hall')
    .filter((entry) => entry.kind === 'event' && JSON.stringify(entry.event).includes('PRESS'))
  expect(presses.length).toBe(2)
  const revived = client.of('hall').filter((entry) => entry.kind === 'revived')
  expect(revived.map(({ fresh }) => fresh)).toEqual([true, false])
  second.kill('SIGTERM')
  await second.exit
  child.kill('SIGTERM')
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)

  const rest = await inspecting(store)
  await rest.client.until(() => rest.client.all('stored').some(({ complete }) => complete))
  await rest.client.until(() => rest.client.entries.size === 2)
  expect(rest.client.of('hall').length).toBeGreaterThanOrEqual(client.of('hall').length)
  expect(rest.client.all('incarnation').map(({ live }) => live)).toEqual([false, false])
  expect(rest.client.all('stored')[0]?.services).toMatchObject([{ key: 'hall', definition: 'lamp' }])
  rest.client.send({ type: 'history', id: 7, key: 'hall' })
  await rest.client.until(() => rest.client.all('history').length > 0)
  const [history] = rest.client.all('history')
  expect(history).toMatchObject({ id: 7, key: 'hall' })
  expect(history?.checkpoints[0]?.record).toMatchObject({
    key: 'hall',
    root: { snapshot: expect.anything() },
  })
  // For this user alone.
  expect(statSync(join(store, 'inspect')).mode & 0o077).toBe(0)
  for (const name of readdirSync(join(store, 'inspect'))) {
    expect(statSync(join(store, 'inspect', name)).mode & 0o077).toBe(0)
  }
})

test('the page asks the owner for what it wants, if the command lets it', async () => {
  const store = temporaryFolder()
  const lives = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  const reading = await inspecting(store)
  reading.client.send({ type: 'control', id: 1, request: { type: 'pause', key: 'hall' } })
  await reading.client.until(() => reading.client.all('refused').length > 0)
  expect(reading.client.all('refused')).toMatchObject([{ code: 'CONTROL_OFF' }])

  const { client } = await inspecting(store, '--control')
  const ask = async (id: number, request: unknown) => {
    client.send({ type: 'control', id, request })
    await client.until(() => client.all('controlled').some((answer) => answer.id === id))
    return client.all('controlled').find((answer) => answer.id === id)
  }
  expect(await ask(1, { type: 'pause', key: 'hall' })).toMatchObject({
    ok: true,
    result: { phase: 'paused' },
  })
  expect(await ask(2, { type: 'resume', key: 'hall' })).toMatchObject({
    ok: true,
    result: { phase: 'running' },
  })
  expect(await ask(3, { type: 'pause', key: 'nobody' })).toMatchObject({
    ok: false,
    problem: { code: 'UNKNOWN_SERVICE' },
  })
  expect(await ask(8, { type: 'interruptAt', key: 'hall', state: 'nowhere' })).toMatchObject({
    ok: false,
    problem: { code: 'UNKNOWN_STATE' },
  })
  expect(await ask(4, { type: 'interruptAt', key: 'hall', state: 'on' })).toMatchObject({ ok: true })
  client.send({ type: 'control', id: 5, request: { type: 'send', key: 'hall', event: { type: 'PRESS' } } })
  expect(await lives.exit).toBe(null)
  const next = await owner(store, fixture('lamp.mjs'), '--key', 'hall')
  expect(await ask(6, { type: 'crash' })).toMatchObject({ ok: true, result: { crashed: true } })
  expect(await next.exit).toBe(null)
  expect(await ask(7, { type: 'crash' })).toMatchObject({ ok: false, problem: { code: 'OWNER_UNREACHABLE' } })
})

test('a recording that is damaged costs what is damaged, and says so', async () => {
  const store = temporaryFolder()
  const lives = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  await cli(store, 'send', 'hall', 'PRESS')
  lives.kill('SIGKILL')
  await lives.exit
  const folder = join(store, 'inspect')
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.jsonl'))
  const before = await inspecting(store)
  await before.client.until(() => before.client.entries.size === 1)
  const last = before.client.of('hall').at(-1)?.sequence ?? 0
  before.child.kill('SIGKILL')
  const line = (sequence: number) => `${JSON.stringify({ sequence, atMs: 1, key: 'hall', kind: 'asleep' })}\n`
  appendFileSync(
    join(folder, name),
    `{"sequence":${last + 1},"at\n${line(last + 2)}\u0000\u0000\n${line(last + 1)}{"sequence":`,
  )
  writeFileSync(join(folder, `${name.slice(0, 18)}-000009.jsonl`), `${line(4000)}nonsense\n`)
  mkdirSync(join(folder, `${name.slice(0, 18)}-000010.jsonl`))

  const { client } = await inspecting(store)
  await client.until(() => client.of('hall').some(({ sequence }) => sequence === last + 2))
  expect(client.all('gap')).toMatchObject([{ from: last + 1, to: last + 1, reason: 'damaged' }])
})

test('what cannot be inspected is said', async () => {
  const store = temporaryFolder()
  expect(await cliError(join(store, 'none'), 'inspect')).toMatchObject({
    code: 4,
    error: { code: 'STORE_NOT_FOUND' },
  })
  expect((await cli(store, 'inspect', '--port', '70000')).code).toBe(2)
  const lives = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  const { told } = await inspecting(store)
  const { port } = new URL(told.address)
  expect(await cliError(store, 'inspect', '--port', port)).toMatchObject({
    code: 1,
    error: { code: 'PORT_IN_USE' },
  })
  lives.kill('SIGKILL')
})

test('of a store that cannot be read it tells why, opens the page all the same, and ends with 1 unless it can be read at last', async () => {
  const { folder, path } = await recordedStore(sqliteStore)
  const mend = damaged(path, (file) => put(file, 'no database at all'))
  const ended = async (child: ChildProcess) => {
    child.kill('SIGTERM')
    return new Promise((resolve) => child.once('close', resolve))
  }
  const first = await inspecting(folder)
  expect(first.told).toMatchObject({ store: folder, readable: false })
  await first.client.until(() => first.client.states.size === 2)
  await first.client.until(() =>
    first.client.all('stored').some(({ problem }) => problem?.code === 'STORE_DAMAGED'),
  )
  expect(await ended(first.child)).toBe(1)
  expect(JSON.parse(first.errors())).toMatchObject({ error: { code: 'STORE_DAMAGED' } })

  const second = await inspecting(folder)
  await second.client.until(() => second.client.all('stored').length > 0)
  mend()
  await second.client.until(() => second.client.all('stored').some(({ services }) => services.length === 2))
  expect(await ended(second.child)).toBe(0)
  expect(second.errors()).toMatch(/STORE_DAMAGED.*\n.*can be read again/)
  // The other commands have nothing else to show, and name this one.
  damaged(path, (file) => put(file, 'no database at all'))
  const shows = / `tardigrade --store \S+ inspect` shows what was recorded beside it\.$/
  for (const command of [['ls'], ['show', 'hall'], ['doctor']]) {
    const error = { code: 'STORE_DAMAGED', remedy: expect.stringMatching(shows) }
    expect(await cliError(folder, ...command)).toMatchObject({ code: 1, error })
  }
  expect(first.errors() + second.errors()).not.toContain('shows what was recorded beside it')
  rmSync(join(folder, 'inspect'), { recursive: true })
  const { error } = await cliError(folder, 'ls')
  expect(error.remedy).not.toMatch(shows)
})

test('a database that is cut off to nothing is no empty store: every command says so, and the page shows what was recorded', async () => {
  const { folder, path } = await recordedStore(sqliteStore)
  damaged(path, (file) => put(file, ''))
  const shown = await inspecting(folder)
  expect(shown.told).toMatchObject({ readable: false })
  await shown.client.until(() => shown.client.states.size === 2)
  const told = { code: 'STORE_DAMAGED', message: expect.stringContaining('is empty (0 bytes)') }
  for (const command of [['ls'], ['doctor'], ['show', 'hall'], ['rm', 'hall', '--yes']])
    expect(await cliError(folder, ...command)).toMatchObject({ code: 1, error: told })
  expect(await cliError(folder, 'run', fixture('lamp.mjs'), '--key', 'hall')).toMatchObject({
    code: 1,
    error: told,
  })
  expect(statSync(path).size).toBe(0)
})

test('started by npx, it ends with the shell that npx runs it in, to which alone npx gives a SIGTERM', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const command = `"${process.execPath}" "${MAIN}" --store "${folder}" --json inspect --port 0; true`
  const shell = spawn('sh', ['-c', command], {
    env: { ...process.env, npm_command: 'exec' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(shell.stdout, 'data')
  expect(JSON.parse(String(line))).toMatchObject({ readable: true })
  const closed = once(shell.stdout, 'close')
  shell.kill('SIGTERM')
  // The process of the command has it open, too.
  await closed
})

test('of a store that is there no more it shows what was recorded', async () => {
  const { folder, path } = await recordedStore(sqliteStore)
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  const { told, client, errors } = await inspecting(folder)
  expect(told).toMatchObject({ store: folder, readable: true })
  await client.until(() => client.states.size === 2)
  expect(errors()).toContain('any more: the page shows what was recorded beside it')
  // The other commands have nothing else to show.
  expect(await cliError(folder, 'ls')).toMatchObject({ code: 4 })
})

test('other applications are shown beside a store: those that it is told to connect to, and of an origin that is let in', async () => {
  const store = temporaryFolder()
  await (await sqliteStore(store).claim()).close()
  const app = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(app, 'listening')
  onTestFinished(() => app.close())
  const heard: string[] = []
  app.on('connection', (socket) => {
    socket.on('message', (data) => {
      heard.push(String(data))
      const shop = {
        type: 'service.register',
        sessionId: 'x:1',
        machine: '{"id":"shop"}',
        state: '{"value":"open"}',
      }
      if (heard.length === 1) socket.send(JSON.stringify(shop))
    })
  })
  const { port } = app.address() as AddressInfo
  const asked = ['--connect', `ws://127.0.0.1:${port}`, '--allow-origin', 'http://app.example', '--control']
  const { client, told } = await inspecting(store, ...asked)
  await client.until(() => client.states.has('xstate:shop'))
  client.send({
    type: 'control',
    id: 1,
    request: { type: 'send', key: 'xstate:shop', event: { type: 'SELL' } },
  })
  await client.until(() => client.all('controlled').length === 1)
  expect(client.all('controlled')).toMatchObject([{ ok: true }])
  expect(heard[0]).toBe('{"type":"xstate.inspecting"}')
  await expect.poll(() => heard[1]).toContain('SELL')
  const url = guestUrl(told.address, 'stately')
  const admitted = await guest(url, { origin: 'http://app.example' })
  expect(admitted).toBeDefined()
  admitted?.close()
  expect(await guest(url, { origin: 'http://other.example' })).toBeUndefined()
  const refused = async (...args: string[]) => (await cliError(store, 'inspect', ...args)).error.message
  expect(await refused('--allow-origin', 'http://localhost:5173/')).toMatch('an origin without a path')
  expect(await refused('--connect', 'localhost:8888')).toMatch('the URL of a WebSocket')
})

test('tells pages the very command that starts it again, at the same port', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const { child, client, told } = await inspecting(folder, '--control', '--redact', "it's")
  await client.until(() => client.all('hello').length === 1)
  const { port } = new URL(told.address)
  const command = client.all('hello')[0]?.command ?? expect.fail('no command')
  const words = command.replace(/^(npx )?tardigrade /, '')
  expect(words).toBe(`inspect --store ${folder} --control --redact 'it'\\''s' --port ${port}`)
  child.kill('SIGKILL')
  await once(child, 'close')
  const run = `exec "${process.execPath}" "${MAIN}" ${words} --json`
  const again = spawn('sh', ['-c', run], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void again.kill('SIGKILL'))
  const [text] = await once(again.stdout, 'data')
  // The token stays as well: pages find it.
  expect(JSON.parse(String(text))).toMatchObject({ address: told.address, control: true })
})

test('an application without the token is told of once, without any token', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const { told, errors, client } = await inspecting(folder)
  const url = guestUrl(told.address, 'stately', 'a-token-of-yesterday')
  for (let times = 0; times < 3; times++) expect((await turnedAway(url))[0]).toBe(1008)
  await client.until(() => client.all('refused-guests').length > 0)
  await expect.poll(errors, { timeout: 20_000 }).toContain('was refused')
  expect(errors().match(/was refused/g)).toHaveLength(1)
  for (const token of ['a-token-of-yesterday', new URL(told.address).hash.slice('#token='.length)])
    expect(errors()).not.toContain(token)
})

test('what is removed where no process has the store is an entry of what was recorded, and of nothing else', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const { code } = await cli(folder, 'rm', 'hall', '--yes')
  expect(code).toBe(0)
  const silent = await createSupervisor({ store: sqliteStore(folder) })
  await silent.start(lamp, { key: 'unseen' })
  await silent.close()
  expect((await cli(folder, 'rm', 'unseen', '--yes')).code).toBe(0)
  const again = await createSupervisor({ store: sqliteStore(folder), inspect: { port: false } })
  await again.start(lamp, { key: 'hall' })
  await again.close()
  const { client } = await inspecting(folder)
  const lives = () =>
    client.of('hall').flatMap((entry) => {
      if (entry.kind === 'revived') return [entry.fresh ? 'first' : 'next']
      return entry.kind === 'removed' ? ['removed'] : []
    })
  await client.until(() => lives().length === 3)
  expect(lives()).toEqual(['first', 'removed', 'first'])
  expect(client.of('unseen')).toEqual([])
  expect(client.states.get('hall')?.lifecycle).toBe('paused')
})

test('where other applications are to show themselves no store is needed, and none is made', async () => {
  const folder = join(temporaryFolder(), 'none')
  expect(await cliError(folder, 'inspect')).toMatchObject({ code: 4 })
  const { client, told, errors, child } = await inspecting(folder, '--allow-origin', 'http://app.example')
  expect(told).toMatchObject({ readable: true })
  await client.until(() => client.all('stored').at(-1)?.complete === true)
  expect(errors()).toContain('nothing of them is stored')
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(existsSync(folder)).toBe(false)
})
