import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from '../../machines/transfer/exchange.js'
import { type Fault, type FaultyServer, faultyServer } from './http-server.js'
import { becomes, CHUNK, content, Desk, has, reaches, sha256, type TransferService } from './transfer-kit.js'
import { Uploads } from './transfer-uploads.js'

const SIZE = 5 * CHUNK + 5

/** A server for uploads, and a desk to upload from. */
async function scene(size = SIZE) {
  const uploads = new Uploads()
  const server = await faultyServer(uploads.handle)
  onTestFinished(() => server.stop().catch(() => {}))
  const desk = new Desk(size)
  const start = (input = {}) => desk.start({ to: `${server.url}/uploads/`, ...input })
  return { uploads, server, desk, start, uploaded: () => uploads.contentOf('/uploads/source') }
}

/** Lets a waiting transfer go on. */
async function goOn(service: TransferService, desk: Desk): Promise<void> {
  await reaches(service, 'waiting')
  await desk.clock.advance(300_000)
}

const puts = ({ requests }: FaultyServer) =>
  requests.filter(({ method }) => method === 'PUT').map(({ headers }) => headers['content-range'])

test.each([0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])('uploads %d bytes', async (size) => {
  const { start, uploaded } = await scene(size)
  const { output } = await reaches(await start(), 'done')
  expect(uploaded()).toEqual(content(size))
  expect(output).toMatchObject({ status: 'done', bytes: size, sha256: sha256(content(size)) })
})

test('sends the headers that it was given', async () => {
  const { start, server } = await scene()
  await reaches(await start({ headers: { authorization: 'Bearer demo' } }), 'done')
  expect(server.requests.every(({ headers }) => headers.authorization === 'Bearer demo')).toBe(true)
})

test('where the server tells no SHA-256, the file is read back', async () => {
  const { start, server, uploads, uploaded } = await scene()
  uploads.digests = false
  await reaches(await start(), 'done')
  expect(server.requests.at(-1)?.method).toBe('GET')
  expect(uploaded()).toEqual(content(SIZE))
})

test('where it does not give it back either, nothing is claimed', async () => {
  const { start, uploads } = await scene()
  uploads.digests = false
  uploads.downloads = false
  const { context } = await reaches(await start(), 'failed')
  expect(context.problem?.kind).toBe('cannot-verify')
})

const passing: readonly (readonly [string, Fault])[] = [
  ['answers 500', { answer: 500 }],
  ['answers 429', { answer: 429 }],
  ['breaks the connection at once', { reset: 'at-once' }],
  ['breaks it in the body', { reset: 'in-body', afterBytes: 10 }],
  ['breaks it in its answer', { reset: 'in-answer' }],
  ['stalls', { stall: 'before' }],
]

test.each(passing)('goes on after a server that %s', async (_, fault) => {
  const { start, server, desk, uploaded, uploads } = await scene()
  const service = await start({ stallMs: 100, bytesPerSecond: 100_000 })
  await has(service, CHUNK)
  server.fail(fault)
  await goOn(service, desk)
  await reaches(service, 'done')
  expect(uploaded()).toEqual(content(SIZE))
  // Each write began where the one before had ended: nothing that the server held was sent again.
  const ends = uploads.taken.map((range) => range.split('-')[1])
  expect(uploads.taken.map((range) => range.split('-')[0])).toEqual(['0', ...ends.slice(0, -1)])
})

test('waits longer each time, and as long as the server asks', async () => {
  const { start, server, desk } = await scene()
  server.fail({ answer: 503 }, { answer: 503 }, { answer: 503, headers: { 'retry-after': '40' } })
  const service = await start()
  for (const delayMs of [1000, 2000, 40_000]) {
    await reaches(service, 'waiting')
    await desk.clock.advance(delayMs - 1)
    expect(service.machine.getSnapshot().value).toBe('waiting')
    await desk.clock.advance(1)
  }
  await reaches(service, 'done')
})

test('RETRY ends a wait', async () => {
  const { start, server } = await scene()
  server.fail({ answer: 503 })
  const service = await start()
  await reaches(service, 'waiting')
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
})

test('goes on after a server that went down and came back', async () => {
  const { start, server, desk, uploaded } = await scene()
  const service = await start({ bytesPerSecond: 100_000 })
  await has(service, 2 * CHUNK)
  await server.stop()
  await goOn(service, desk)
  await becomes(service, ({ value, context }) => value === 'waiting' && context.attempts > 1)
  await server.start()
  await goOn(service, desk)
  await reaches(service, 'done')
  expect(uploaded()).toEqual(content(SIZE))
})

test('believes a server that lost what it held', async () => {
  const { start, server, uploads, uploaded } = await scene()
  const service = await start()
  await has(service, 2 * CHUNK)
  await service.pause()
  uploads.forget()
  await service.resume()
  await reaches(service, 'done')
  expect(uploaded()).toEqual(content(SIZE))
  expect(puts(server).filter((range) => range === `bytes 0-${CHUNK - 1}/${SIZE}`)).toHaveLength(2)
})

test('a pause cuts off a request that stalls, and its chunk is sent again', async () => {
  const { start, server, desk, uploaded } = await scene()
  server.fail({ stall: 'before' })
  const service = await start()
  await server.sees(({ method }) => method === 'PUT')
  const paused = service.pause('user', { deadlineMs: 0 })
  // The deadline is over.
  await desk.clock.advance(0)
  await paused
  expect(service.machine.getSnapshot().context.bytesDone).toBe(0)
  server.release()
  await service.resume()
  await reaches(service, 'done')
  expect(uploaded()).toEqual(content(SIZE))
})

test.each([
  [403, 'refused'],
  [404, 'target-changed'],
])('an upload answered with %d needs somebody', async (status, kind) => {
  const { start, server, uploaded } = await scene()
  server.fail({ answer: status })
  const service = await start()
  const { context } = await reaches(service, 'failed')
  expect(context.problem?.kind).toBe(kind)
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
  expect(uploaded()).toEqual(content(SIZE))
})

test.each(['https', 'HTTPS'])('an address of %s: is spoken to in TLS', async (scheme) => {
  const first = new Promise<Buffer>((heard) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (bytes) => {
        heard(bytes)
        socket.destroy()
      })
    })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1', () => {
      // The cast says that it listens on a port.
      const { port } = server.address() as AddressInfo
      const url = `${scheme}://127.0.0.1:${port}/uploads/source`
      const signal = new AbortController().signal
      void exchange({ method: 'PUT', url, headers: {}, signal, stallMs: 5000 }).catch(() => {})
    })
  })
  // The type of a record with a handshake in it (RFC 8446, 5.1).
  expect((await first)[0]).toBe(22)
})
