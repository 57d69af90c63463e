import { MessageChannel } from 'node:worker_threads'
import { createSupervisor, defineService } from 'tardigrade'
import { type EmbedderPort, embedderHost, jsonLines, messagePort, WORDS } from 'tardigrade/hosts/embedder'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createMachine } from 'xstate'
import { describeHostContract } from './contract.js'
import { hearing } from './hearing.js'

/** An embedder in this process. */
function embedder() {
  const listeners = new Set<(message: unknown) => void>()
  const answers: unknown[] = []
  const port: EmbedderPort = {
    listen(hear) {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
    answer: (answer) => void answers.push(answer),
  }
  const says = (message: unknown) => {
    for (const hear of listeners) hear(message)
  }
  return { port, says, answers, listeners: () => listeners.size }
}

const word = (lifecycle: string) => ({ lifecycle })

describeHostContract('embedderHost', () => {
  const { port, says, listeners } = embedder()
  return {
    host: embedderHost(port),
    interruptions: {
      background: { begin: () => says(word('paused')), end: () => says(word('resumed')) },
      offline: { begin: () => says('{"interrupt":"offline"}'), end: () => says({ release: 'offline' }) },
    },
    shutdown: () => says({ shutdown: true, deadlineMs: 70 }),
    deadlineMs: 70,
    listeners,
  }
})

/** What each platform says as an app leaves the screen, comes back and ends, and what is heard of it. */
const LIVES: Readonly<Record<string, readonly [string, string | undefined][]>> = {
  Flutter: [
    ['inactive', 'release background'],
    ['hidden', 'interrupt background'],
    ['paused', 'interrupt background'],
    ['hidden', 'interrupt background'],
    ['inactive', 'release background'],
    ['resumed', 'release background'],
    ['detached', 'shutdown'],
  ],
  Android: [
    ['onStart', 'release background'],
    ['onResume', 'release background'],
    ['onPause', undefined],
    ['onStop', 'interrupt background'],
    ['onTrimMemory', 'interrupt low-memory'],
    ['onLowMemory', undefined],
    ['onDestroy', 'shutdown'],
  ],
  Apple: [
    ['willResignActive', undefined],
    ['didEnterBackground', 'interrupt background'],
    ['didReceiveMemoryWarning', 'interrupt low-memory'],
    ['willEnterForeground', 'release background'],
    ['didBecomeActive', 'release background'],
    ['willTerminate', 'shutdown'],
  ],
  'the web': [
    ['active', 'release background'],
    ['passive', 'release background'],
    ['pagehide', 'interrupt background'],
    ['frozen', 'interrupt frozen'],
    // It is frozen no more.
    ['visible', 'release background, release frozen'],
    ['freeze', 'interrupt frozen'],
    ['resume', 'release frozen'],
    ['pageshow', 'release background'],
    ['terminated', 'shutdown'],
  ],
}

test.each(Object.entries(LIVES))(
  'the words of %s mean what that platform means by them',
  async (platform, life) => {
    const { port, says, answers } = embedder()
    const { sink, heard } = hearing()
    const end = embedderHost(port)(sink)
    for (const [lifecycle] of life) says(word(lifecycle))
    expect(heard).toEqual(life.flatMap(([, told]) => told?.split(', ') ?? []))
    await vi.waitFor(() => expect(answers).toHaveLength(life.length))
    // Each is answered when what it concerns rests, in whatever order.
    const done = answers.map((answer) => JSON.stringify(answer)).sort()
    expect(done).toEqual(
      life.map(([lifecycle]) => JSON.stringify({ done: JSON.stringify(word(lifecycle)) })).sort(),
    )
    void end()
    expect(new Set(life.map(([lifecycle]) => lifecycle))).toEqual(new Set(Object.keys(WORDS[platform] ?? {})))
  },
)

test.each([
  [word('pausd'), /"pausd"/],
  [word(''), /no word/],
  [word('__proto__'), /"__proto__"/],
  ['paused', /"paused"/],
  ['{"lifecycle":', /no word of a lifecycle/],
  [undefined, /no word/],
  [42, /"42"/],
  [{ interrupt: '' }, /no word/],
  [{ release: 'background', lifecycle: 'asleep' }, /release.*no word/],
  [{ lifecycle: 'paused', shutdown: true }, /no word/],
  [{ lifecycle: 'paused', deadlineMs: '500' }, /deadlineMs.*"500".*number of milliseconds/],
  ['{"shutdown":true,"deadlineMs":-1}', /deadlineMs.*-1.*number of milliseconds/],
  [{ shutdown: 'yes' }, /no word/],
])('%j is refused by name, and changes nothing', (message, reason) => {
  const { port, says, answers } = embedder()
  const { sink, heard } = hearing()
  embedderHost(port)(sink)
  says(message)
  expect(heard).toEqual([])
  expect(answers).toEqual([{ refused: expect.any(String), reason: expect.stringMatching(reason) }])
})

test('a word that is frozen until the next one is said again and again, and ended by a word alone', () => {
  const { port, says } = embedder()
  const { sink, heard } = hearing()
  embedderHost(port)(sink)
  says(word('frozen'))
  says(word('frozen'))
  says({ interrupt: 'offline' })
  says({ lifecycle: 'hidden', deadlineMs: null })
  says(word('active'))
  expect(heard).toEqual([
    'interrupt frozen',
    'interrupt frozen',
    'interrupt offline',
    'interrupt background',
    'release frozen',
    'release background',
  ])
})

describe('a page that is frozen goes on at what ends that, whichever way it is told', () => {
  test.each<[string, readonly object[], object]>([
    ['the state and its event', [word('frozen'), word('freeze'), word('hidden')], word('resume')],
    ['the event and its state', [word('freeze'), word('frozen'), word('hidden')], word('resume')],
    [
      'the state, and a hold of the embedder’s own',
      [word('frozen'), { interrupt: 'frozen' }, word('visible')],
      { release: 'frozen' },
    ],
    [
      'a hold of the embedder’s own, and the state',
      [{ interrupt: 'frozen' }, word('frozen'), word('active')],
      { release: 'frozen' },
    ],
  ])('%s', (_, beginning, end) => {
    const { port, says } = embedder()
    const { sink, heard } = hearing()
    embedderHost(port)(sink)
    for (const message of beginning) says(message)
    expect(heard).not.toContain('release frozen')
    says(end)
    expect(heard).toContain('release frozen')
  })
})

test('the answer comes when every service rests, durably', async () => {
  const { port, says, answers } = embedder()
  const store = memoryStore()
  const supervisor = await createSupervisor({ store, host: embedderHost(port) })
  onTestFinished(() => supervisor.close().then(() => {}))
  const machine = createMachine({ id: 'lamp' })
  const lamp = defineService({ id: 'lamp', version: 1, machine, pauseOn: ['background'] })
  await supervisor.start(lamp, { key: 'hall' })
  says(word('paused'))
  await vi.waitFor(() => expect(answers).toHaveLength(1))
  expect(await (await store.read()).load('hall')).toMatchObject({ phase: 'paused' })
})

/** A channel on which everybody hears what the others say, in turn; `settle` says how much was said until all was quiet, or `most`. */
function channel(most = 50) {
  const ears: ((message: unknown) => void)[] = []
  const said: { readonly by: number; readonly message: unknown }[] = []
  const member = (): EmbedderPort => {
    const by = ears.length
    return {
      listen(hear) {
        ears[by] = hear
        return () => {}
      },
      answer: (message) => void said.push({ by, message }),
    }
  }
  const settle = async () => {
    for (let at = 0; at < said.length && at < most; at++) {
      const next = said[at]
      for (const [index, hear] of ears.entries()) if (index !== next?.by) hear(next?.message)
      await Promise.resolve().then(() => {})
      await new Promise<void>((later) => setImmediate(later))
    }
    return said.map(({ message }) => message)
  }
  const says = (message: unknown) => void said.push({ by: -1, message })
  return { member, says, settle }
}

describe('hosts that share a channel', () => {
  test.each<[string, unknown, string]>([
    ['a word', { lifecycle: 'hidden' }, 'done'],
    ['a line', '{"lifecycle":"hidden"}', 'done'],
    ['a word that nobody knows', { lifecycle: 'hiddn' }, 'refused'],
  ])('answer %s once each, and never one another', async (_, message, kind) => {
    const { member, says, settle } = channel()
    for (let host = 0; host < 3; host++) {
      const { listen, answer } = member()
      // As between processes: what is answered is a line.
      const port =
        typeof message === 'string'
          ? { listen, answer: (told: object) => answer(JSON.stringify(told) as never) }
          : { listen, answer }
      embedderHost(port)(hearing().sink)
    }
    says(message)
    const answers = (await settle())
      .slice(1)
      .map((told) => (typeof told === 'string' ? JSON.parse(told) : told))
    expect(answers.map((told: object) => Object.keys(told)[0])).toEqual([kind, kind, kind])
  })

  test('quote a long message by its beginning', () => {
    const { port, says, answers } = embedder()
    embedderHost(port)(hearing().sink)
    says({ note: 'x'.repeat(1_000_000) })
    expect(JSON.stringify(answers).length).toBeLessThan(3000)
    expect(answers).toEqual([
      { refused: expect.stringMatching(/^{"note":"x+…$/), reason: expect.any(String) },
    ])
  })

  test('refuse what JSON cannot write', () => {
    const { port, says, answers } = embedder()
    embedderHost(port)(hearing().sink)
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    says(cycle)
    expect(answers).toEqual([{ refused: '[object Object]', reason: expect.stringMatching(/no word/) }])
  })
})

describe('ports', () => {
  test('a port of the web carries both', async () => {
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => port1.close())
    const { sink, heard } = hearing()
    // Node's port has the web's methods, and types of its own.
    const end = embedderHost(messagePort(port2 as never))(sink)
    const answered = new Promise((resolve) => port1.once('message', resolve))
    port1.postMessage({ interrupt: 'offline', deadlineMs: 5 })
    expect(await answered).toEqual({ done: '{"interrupt":"offline","deadlineMs":5}' })
    expect(heard).toEqual(['interrupt offline within 5'])
    void end()
  })

  test('lines of JSON come in pieces of any size', async () => {
    const { sink, heard } = hearing()
    const written: string[] = []
    async function* input() {
      const text = new TextEncoder().encode(
        '{"lifecycle":"paused"}\n\n{"interrupt":"über"}\r\n{"lifecycle":"x"}\n{"li',
      )
      for (const byte of text) yield Uint8Array.of(byte)
      yield 'fecycle":"resumed"}\n'
    }
    embedderHost(jsonLines({ input: input(), write: (line) => void written.push(line) }))(sink)
    await vi.waitFor(() => expect(written).toHaveLength(4))
    // The end of the input is the embedder's.
    await vi.waitFor(() =>
      expect(heard).toEqual([
        'interrupt background',
        'interrupt über',
        'release background',
        'shutdown within 10000',
      ]),
    )
    expect(written.every((line) => line.endsWith('\n'))).toBe(true)
    expect(written.map((line) => Object.keys(JSON.parse(line))[0]).sort()).toEqual([
      'done',
      'done',
      'done',
      'refused',
    ])
  })

  test('a line that is too long is refused whole, and the next one is heard', async () => {
    const { sink, heard } = hearing()
    const written: string[] = []
    const long = `{"lifecycle":"paused","note":"${'a'.repeat(65_536)}`
    async function* input() {
      yield long
      yield '"}'
      yield `\n${long}"}\n{"lifecycle":"paused"}${' '.repeat(65_536)}`
      yield 'not JSON\n{"lifecycle":"resumed"}\n'
    }
    embedderHost(jsonLines({ input: input(), write: (line) => void written.push(line) }))(sink)
    await vi.waitFor(() => expect(written).toHaveLength(4))
    expect(heard[0]).toBe('release background')
    const refused = expect.stringMatching(
      /^{"refused":"{\\"lifecycle.{1,1100}"reason":"A line has 65536 characters at most."}\n$/,
    )
    expect(written).toEqual([refused, refused, refused, '{"done":"{\\"lifecycle\\":\\"resumed\\"}"}\n'])
  })

  test('an input that breaks is the end, and a line without an end hurts nobody', async () => {
    const { sink, heard } = hearing()
    async function* input() {
      yield '{"interrupt":"offline"}\n'
      for (let piece = 0; piece < 100; piece++) yield 'x'.repeat(10_000)
      throw new Error('broken pipe')
    }
    embedderHost(jsonLines({ input: input(), write: () => {} }))(sink)
    await vi.waitFor(() => expect(heard).toEqual(['interrupt offline', 'shutdown within 10000']))
  })
})
