import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { embedderHost, jsonLines, messagePort } from 'tardigrade/hosts/embedder'
import { expect, onTestFinished, test, vi } from 'vitest'
import { settle } from '../kit/clock.js'
import { restOf, start } from './child.js'
import { hearing } from './hearing.js'

test('its own end is none of the embedder’s', async () => {
  const { sink, heard } = hearing()
  const input = new PassThrough()
  const end = embedderHost(jsonLines({ input, write: () => {} }))(sink)
  void end()
  input.end()
  await finished(input)
  await settle()
  expect(heard).toEqual([])
})

test('an input outlives who hears it: what comes meanwhile is heard by the next, and nothing is lost', async () => {
  const input = new PassThrough()
  const answers: string[] = []
  // As by a program that tries again while the store is another's.
  const begin = () => {
    const told = hearing()
    const end = embedderHost(jsonLines({ input, write: (line) => void answers.push(line) }))(told.sink)
    return { heard: told.heard, end }
  }
  const first = begin()
  input.write('{ "lifecycle": "paused" }\n{ "lifecy')
  await settle()
  void first.end()
  input.write('cle": "resumed" }\n')
  await settle()
  const [second, beside] = [begin(), begin()]
  await settle()
  expect([first.heard, second.heard]).toEqual([['interrupt background'], ['release background']])
  input.end('{ "interrupt": "offline" }\n')
  await settle()
  expect(second.heard).toEqual(['release background', 'interrupt offline', 'shutdown within 10000'])
  expect(beside.heard).toEqual(second.heard)
  const late = begin()
  await settle()
  expect(late.heard).toEqual(['shutdown within 10000'])
})

test('several over one input answer a line once, when all of them rest', async () => {
  const input = new PassThrough()
  const answers: string[] = []
  const write = (line: string) => void answers.push(line.trim())
  const host = () => embedderHost(jsonLines({ input, write }))
  let rests = () => {}
  const slow = hearing(new Promise((resolve) => (rests = resolve)))
  host()(slow.sink)
  host()(hearing().sink)
  input.write('{"lifecycle":"paused"}\n{"shutdown":true}\n{"lifecycle":"asleep"}\n')
  input.write(`${'x'.repeat(70_000)}\n`)
  await settle()
  expect(slow.heard).toEqual(['interrupt background', 'shutdown'])
  const refused = [expect.stringMatching(/^{"refused":.*asleep/), expect.stringMatching(/^{"refused":"xxx/)]
  // Who refuses does so at once.
  expect(answers).toEqual([...refused, JSON.stringify({ done: '{"lifecycle":"paused"}' })])
  rests()
  await settle()
  expect(answers.slice(3)).toEqual([JSON.stringify({ done: '{"shutdown":true}' })])
})

test('several over one input, each with an output of its own, answer over all of them, when all of them rest', async () => {
  const input = new PassThrough()
  const outputs: string[][] = [[], []]
  let rests = () => {}
  const slow = hearing(new Promise((resolve) => (rests = resolve)))
  for (const [index, { sink }] of [slow, hearing()].entries()) {
    embedderHost(jsonLines({ input, write: (line) => void outputs[index]?.push(line.trim()) }))(sink)
  }
  input.write('{"lifecycle":"paused"}\n{"shutdown":true}\n')
  await settle()
  const paused = JSON.stringify({ done: '{"lifecycle":"paused"}' })
  expect(outputs).toEqual([[paused], [paused]])
  rests()
  await settle()
  const ended = JSON.stringify({ done: '{"shutdown":true}' })
  expect(outputs).toEqual([
    [paused, ended],
    [paused, ended],
  ])
})

test('an engine without a TextDecoder hears an input of texts; one of bytes is its end, and that is said', async () => {
  vi.stubGlobal('TextDecoder', undefined)
  Reflect.deleteProperty(globalThis, 'TextDecoder')
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => {
    vi.unstubAllGlobals()
    error.mockRestore()
  })
  const { sink, heard } = hearing()
  let bytes = () => {}
  const later = new Promise<void>((resolve) => (bytes = resolve))
  async function* input() {
    yield '{"lifecycle":"paused"}\n'
    await later
    yield Uint8Array.of(10)
  }
  embedderHost(jsonLines({ input: input(), write: () => {} }))(sink)
  await settle()
  expect([heard, error.mock.calls]).toEqual([['interrupt background'], []])
  bytes()
  await settle()
  expect(heard.slice(1)).toEqual(['shutdown within 10000'])
  expect(error).toHaveBeenCalledExactlyOnceWith(
    'This platform has no TextDecoder. Define it on globalThis, as a polyfill does, or give jsonLines an input of texts.',
  )
})

test('an end that is told again is passed on where there is less time, and the end of the input leaves some', async () => {
  const { sink, heard } = hearing()
  const input = new PassThrough()
  const answers: string[] = []
  embedderHost(jsonLines({ input, write: (line) => void answers.push(line) }))(sink)
  const ends = [{ lifecycle: 'onDestroy' }, { shutdown: true, deadlineMs: 60_000 }, { shutdown: true }]
  for (const end of ends) input.write(`${JSON.stringify(end)}\n`)
  input.end()
  await finished(input)
  await settle()
  expect(heard).toEqual(['shutdown', 'shutdown within 60000', 'shutdown within 10000'])
  expect(answers).toHaveLength(3)
})

test('a process whose app dies rests, and ends', async () => {
  const process = start('embedded')
  await process.until('durable 3')
  process.child.stdin.end()
  expect(await process.end()).toEqual({ code: 0, errors: '' })
  expect((await restOf(process.folder)).phase).toBe('paused')
})

test.each([
  ['embedded', '{"shutdown":true}'],
  ['embedded', '{"lifecycle":"detached"}'],
  ['embedded, and closes', '{"shutdown":true}'],
])('a process (%s) that is told %s ends, though its app keeps the pipe', async (mode, told) => {
  const process = start(mode)
  await process.until('ready')
  process.child.stdin.write(`${told}\n`)
  expect(await process.end()).toEqual({ code: 0, errors: '' })
  expect(process.said).toContain(JSON.stringify({ done: told }))
})

test.each([undefined, null, {}, { addEventListener: 1, postMessage: 1, listen: 1, answer: 1 }])(
  '%j is no port',
  (port) => {
    expect(() => messagePort(port as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(() => embedderHost(port as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  },
)
