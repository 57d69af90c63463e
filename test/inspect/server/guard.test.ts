import { request } from 'node:http'
import { createConnection } from 'node:net'
import { createSupervisor, type Supervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { office } from '../machines.js'
import { tokenOf } from './kit.js'

/** Stands in the key of a service, so in whatever is told of it. */
const SECRET = 'secret-of-the-service'

let supervisor: Supervisor
let port: number
let token: string

beforeAll(async () => {
  const inspect = { port: 0, onListening: () => {} }
  supervisor = await createSupervisor({ store: memoryStore(), inspect })
  await supervisor.start(office, { key: SECRET })
  const address = supervisor.inspectAddress ?? ''
  port = Number(new URL(address).port)
  token = tokenOf(address)
})

afterAll(() => supervisor.close())

const OWN = ['127.0.0.1', 'localhost', '[::1]']
const FOREIGN = ['evil.example', '127.0.0.1.evil.example', '0.0.0.0', '[::]', 'a@127.0.0.1', '']

/** Every `Host` header, and none; each with its verdict. */
const hosts = () => [
  ...OWN.map((name) => ({ lines: [`Host: ${name}:${port}`], own: true })),
  ...FOREIGN.map((name) => ({ lines: [`Host: ${name}:${port}`], own: false })),
  { lines: [`Host: 127.0.0.1:${port + 1}`], own: false },
  { lines: ['Host: 127.0.0.1'], own: false },
  { lines: [`Host: 127.0.0.1:${port}`, 'Host: evil.example'], own: false },
  { lines: [`Host: evil.example, 127.0.0.1:${port}`], own: false },
  { lines: ['Host: \u0001'], own: false },
]

const origins = () => [
  { lines: [], own: true },
  ...OWN.map((name) => ({ lines: [`Origin: http://${name}:${port}`], own: true })),
  ...[
    'null',
    'http://evil.example',
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    'file://',
    'http://localhost',
    `http://evil.example:${port}`,
    'chrome-extension://x',
  ].map((origin) => ({ lines: [`Origin: ${origin}`], own: false })),
  { lines: [`Origin: http://127.0.0.1:${port}/`], own: false },
  { lines: [`Origin: http://127.0.0.1:${port}`, 'Origin: http://evil.example'], own: false },
]

const tokens = () => [token, '', token.slice(0, -1), `${token} `]

/** A text frame of a client, masked with nothing. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0])
  return Buffer.concat([head, payload])
}

/** All that the server answers to a WebSocket's upgrade and a hello. */
function answerTo(headers: readonly string[], given: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    let told = ''
    const end = () => {
      socket.destroy()
      resolve(told)
    }
    socket.on('data', (data) => {
      const upgraded = told.includes('101 Switching')
      told += String(data)
      if (!upgraded && told.includes('101 Switching')) {
        socket.write(frame(JSON.stringify({ type: 'hello', version: 1, token: given, seen: {} })))
      }
      if (told.includes(SECRET) || told.includes('refused')) end()
    })
    socket.on('close', end)
    socket.on('error', end)
    const upgrade = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
    ]
    socket.write(['GET /stream HTTP/1.1', ...headers, ...upgrade, '', ''].join('\r\n'))
  })
}

test('786 combinations of Host, Origin and token leak nothing, and the right ones are let in', async () => {
  const combinations = hosts().flatMap((host) =>
    origins().flatMap((origin) => tokens().map((given) => ({ host, origin, given }))),
  )
  const strange = [
    {
      lines: [`Host: 127.0.0.1:${port}`, ...Array.from({ length: 2000 }, (_, at) => `X-${at}: ${at}`)],
      own: false,
    },
    { lines: [], own: false },
  ].map((host) => ({ host, origin: { lines: [], own: true }, given: token }))
  const all = [...combinations, ...strange]
  expect(all.length).toBe(786)
  const wrong: unknown[] = []
  let admitted = 0
  for (let at = 0; at < all.length; at += 40) {
    const part = all.slice(at, at + 40)
    const answers = await Promise.all(
      part.map(({ host, origin, given }) => answerTo([...host.lines, ...origin.lines], given)),
    )
    for (const [index, answer] of answers.entries()) {
      const { host, origin, given } = part[index] ??
        combinations[0] ?? { host: { own: false, lines: [] }, origin: { own: false, lines: [] }, given: '' }
      const admits = host.own && origin.own && given === token
      const leaks = answer.includes(SECRET)
      if (leaks !== admits) wrong.push({ host, origin, given: given === token, answer: answer.slice(0, 200) })
      if (leaks) admitted++
    }
  }
  expect(wrong).toEqual([])
  expect(admitted).toBe(OWN.length * (OWN.length + 1))
})

test('the page is served to its own requests alone, with a policy that lets no text become code', async () => {
  const get = (path: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<{
      readonly status: number | undefined
      readonly headers: Record<string, unknown>
      readonly text: string
    }>((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (data: string) => {
          text += data
        })
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
      })
      sent.on('error', reject)
      sent.end()
    })
  const own = { host: `localhost:${port}` }
  const page = await get('/', own)
  expect([200, 503]).toContain(page.status)
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("require-trusted-types-for 'script'")
  expect(policy).toContain(`connect-src 'self' ws://localhost:${port}`)
  expect(policy).not.toContain('unsafe')
  expect(page.text).not.toContain(token)
  expect((await get('/', { host: 'evil.example' })).status).toBe(403)
  expect((await get('/', { ...own, origin: 'http://evil.example' })).status).toBe(403)
  expect((await get('/', own, 'POST')).status).toBe(405)
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '//etc/passwd',
    '/stream',
  ]) {
    expect((await get(path, own)).status).toBe(404)
  }
})
