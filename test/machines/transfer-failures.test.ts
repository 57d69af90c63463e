import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { planOf } from '../../machines/transfer/input.js'
import { problemOf } from '../../machines/transfer/problem.js'
import { CHUNK, content, Desk, has, reaches, type TransferService } from './transfer-kit.js'

const SIZE = 10 * CHUNK + 5

/** A transfer that rests in its middle. */
async function pausedIn(desk: Desk): Promise<TransferService> {
  const service = await desk.start()
  await has(service, 4 * CHUNK)
  await service.pause()
  return service
}

/** Resolves with why it failed. */
async function problem(service: TransferService) {
  return (await reaches(service, 'failed')).context.problem
}

test('a source that changed meanwhile is not mixed: it fails, and RETRY begins anew', async () => {
  const desk = new Desk(SIZE)
  const service = await pausedIn(desk)
  writeFileSync(desk.from, content(SIZE + 1, 9))
  await service.resume()
  expect(await problem(service)).toEqual({
    kind: 'source-changed',
    message: `${desk.from} has ${SIZE + 1} bytes instead of ${SIZE} since the transfer began.`,
  })
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
  expect(readFileSync(desk.to)).toEqual(content(SIZE + 1, 9))
})

test('a part that is gone is not guessed at', async () => {
  const desk = new Desk(SIZE)
  const service = await pausedIn(desk)
  rmSync(desk.part)
  await service.resume()
  expect(await problem(service)).toMatchObject({ kind: 'target-changed' })
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
  expect(readFileSync(desk.to)).toEqual(content(SIZE))
})

test('a copy that was damaged does not get its name', async () => {
  const desk = new Desk(SIZE)
  const service = await pausedIn(desk)
  const damaged = readFileSync(desk.part)
  damaged[3] = 255 - content(SIZE).readUInt8(3)
  writeFileSync(desk.part, damaged)
  await service.resume()
  expect(await problem(service)).toMatchObject({ kind: 'mismatch' })
  expect(existsSync(desk.to)).toBe(false)
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
  expect(readFileSync(desk.to)).toEqual(content(SIZE))
})

test('a missing source or folder waits for RETRY', async () => {
  const desk = new Desk(SIZE)
  const from = desk.at('later')
  const service = await desk.start({ from, to: `${desk.at('folder')}/` })
  expect(await problem(service)).toMatchObject({
    kind: 'source-missing',
    message: `There is no file ${from}.`,
  })
  writeFileSync(from, content(SIZE))
  await service.send({ type: 'RETRY' })
  expect(await problem(service)).toMatchObject({ kind: 'target-missing' })
  mkdirSync(desk.at('folder'))
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
  expect(readFileSync(desk.at('folder/later'))).toEqual(content(SIZE))
})

test('a file is not copied onto itself', async () => {
  const desk = new Desk(SIZE)
  symlinkSync(desk.from, desk.at('alias'))
  expect(await problem(await desk.start({ to: desk.at('alias') }))).toMatchObject({ kind: 'refused' })
  expect(readFileSync(desk.from)).toEqual(content(SIZE))
})

test('what is no file is not replaced by the copy', async () => {
  const desk = new Desk(SIZE)
  writeFileSync(desk.at('real'), 'kept')
  symlinkSync(desk.at('real'), desk.at('link'))
  expect(await problem(await desk.start({ to: desk.at('link') }))).toMatchObject({ kind: 'target-no-file' })
  expect(readFileSync(desk.at('real'), 'utf8')).toBe('kept')
})

// Only Linux has a device that is always full.
test.runIf(existsSync('/dev/full'))('a full disk fails, and RETRY goes on', async () => {
  const desk = new Desk(SIZE)
  symlinkSync('/dev/full', desk.part)
  const service = await desk.start()
  expect(await problem(service)).toMatchObject({ kind: 'no-space' })
  rmSync(desk.part)
  await service.send({ type: 'RETRY' })
  await reaches(service, 'done')
  expect(readFileSync(desk.to)).toEqual(content(SIZE))
})

test('errors of the system have their kinds', () => {
  const kindOf = (code: string) => problemOf(Object.assign(new Error('no'), { code })).kind
  expect(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'].map(kindOf)).toEqual([
    'no-space',
    'no-space',
    'not-permitted',
    'not-permitted',
    'other',
  ])
})

test.each([{ chunkSize: 0 }, { chunkSize: 1.5 }, { bytesPerSecond: 0 }, { bytesPerSecond: Number.NaN }])(
  'refuses %o',
  (options) => {
    expect(() => planOf({ from: 'a', to: 'b', ...options })).toThrow(RangeError)
  },
)
