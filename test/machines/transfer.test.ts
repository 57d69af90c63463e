import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { progressOf } from '../../machines/transfer/index.js'
import { CHUNK, chunksOf, content, Desk, has, reaches, sha256 } from './transfer-kit.js'

const SIZE = 10 * CHUNK + 5

test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 1])('copies %d bytes', async (size) => {
  const desk = new Desk(size)
  const { output } = await reaches(await desk.start(), 'done')
  expect(readFileSync(desk.to)).toEqual(content(size))
  expect(output).toEqual({ status: 'done', place: desk.to, bytes: size, sha256: sha256(content(size)) })
  expect(desk.written).toEqual(chunksOf(size))
  expect(existsSync(desk.part)).toBe(false)
})

test('copies into a folder, under the same name and with the same permissions', async () => {
  const desk = new Desk(SIZE)
  chmodSync(desk.from, 0o750)
  mkdirSync(desk.at('folder'))
  await reaches(await desk.start({ to: desk.at('folder') }), 'done')
  expect(readFileSync(desk.at('folder/source'))).toEqual(content(SIZE))
  expect(statSync(desk.at('folder/source')).mode & 0o700).toBe(0o700)
})

test('goes on at the next chunk after a pause, and copies none twice', async () => {
  const desk = new Desk(SIZE)
  const service = await desk.start()
  await has(service, 4 * CHUNK)
  await service.pause()
  const { bytesDone, chunk, chunks } = progressOf(service.machine.getSnapshot())
  expect(service.getSnapshot().value).toBe('paused')
  expect(bytesDone).toBe(desk.written.length * CHUNK)
  expect([chunk, chunks]).toEqual([bytesDone / CHUNK + 1, 11])
  await service.resume()
  await reaches(service, 'done')
  expect(desk.written).toEqual(chunksOf(SIZE))
  expect(readFileSync(desk.to)).toEqual(content(SIZE))
})

test('a rate holds it back, and a pause does not wait for it', async () => {
  const desk = new Desk(SIZE)
  const service = await desk.start({ bytesPerSecond: CHUNK / 3600 })
  await has(service, CHUNK)
  // A transfer without a rate comes to its end meanwhile.
  await reaches(await new Desk(SIZE).start(), 'done')
  await service.pause()
  expect(desk.written).toEqual([0])
})

test('an older copy stays until the new one is verified', async () => {
  const desk = new Desk(SIZE)
  writeFileSync(desk.to, 'older')
  const service = await desk.start()
  await has(service, 4 * CHUNK)
  await service.pause()
  expect(readFileSync(desk.to, 'utf8')).toBe('older')
  await service.resume()
  await reaches(service, 'done')
  expect(readFileSync(desk.to)).toEqual(content(SIZE))
})

test('what another transfer left half done is written over', async () => {
  const desk = new Desk(SIZE)
  writeFileSync(desk.part, content(3 * SIZE, 1))
  await reaches(await desk.start(), 'done')
  expect(readFileSync(desk.to)).toEqual(content(SIZE))
})

test('CANCEL takes the unfinished copy away, and nothing else', async () => {
  const desk = new Desk(SIZE)
  writeFileSync(desk.to, 'older')
  const service = await desk.start({ bytesPerSecond: CHUNK / 3600 })
  await has(service, CHUNK)
  await service.send({ type: 'CANCEL' })
  expect((await reaches(service, 'cancelled')).output).toEqual({ status: 'cancelled' })
  expect(existsSync(desk.part)).toBe(false)
  expect(readFileSync(desk.to, 'utf8')).toBe('older')
})
