import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { describe, expect, type TestContext, test } from 'vitest'
import { inspectBeside } from '../../../src/inspect/server/beside.js'
import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { StoredMessage } from '../../../src/inspect/stream/message.js'
import { Client } from './kit.js'
import { DAMAGES, damaged, folderIn, lamp, put, recordedStore } from './unreadable-kit.js'

/*
 * Faults: what the store is made of is damaged at rest, or while somebody looks, in several ways.
 * Promise: it is said, what was recorded is shown all the same, nobody's connection ends, and all goes on when it is mended.
 * The tests run beside each other: most of their time they wait for the next look at a store.
 */

type Ends = TestContext['onTestFinished']

async function beside(
  finished: Ends,
  folder: string,
  make: typeof sqliteStore | typeof fileStore = sqliteStore,
) {
  const failures: unknown[] = []
  const server = await inspectBeside({
    folder,
    store: make(folder),
    port: 0,
    control: false,
    onStoreFailed: (error) => void failures.push(error),
  })
  finished(() => server.close())
  return { address: server.address, failures }
}

async function clientOf(finished: Ends, address: string): Promise<Client> {
  const client = await new Client(address).connect()
  finished(() => client.disconnect())
  return client
}

const lastStored = (client: Client): StoredMessage | undefined => client.all('stored').at(-1)
const hasProblem = (client: Client, text: RegExp) => () =>
  text.test(lastStored(client)?.problem?.message ?? '')
const isRead = (client: Client) => () => {
  const last = lastStored(client)
  return last?.complete === true && last.problem === undefined
}

const isPress = (entry: Entry) => entry.kind === 'step' && entry.event === 'PRESS'

describe('a database that SQLite opens no more', () => {
  test.concurrent.for(DAMAGES)(
    '%s: the history is shown, the store told as it is, to whoever comes',
    async ([, damage, text], { onTestFinished }) => {
      const { folder, path } = await recordedStore(sqliteStore, undefined, onTestFinished)
      const mend = damaged(path, damage)
      const { address, failures } = await beside(onTestFinished, folder)
      const first = await clientOf(onTestFinished, address)
      await first.until(hasProblem(first, text))
      await first.until(() => first.states.size === 2)
      expect(lastStored(first)).toMatchObject({
        services: [],
        removed: [],
        problem: {
          code: expect.stringMatching(/^STORE_/),
          remedy: expect.stringContaining('Nothing was changed.'),
        },
      })
      expect(first.of('hall').some(isPress)).toBe(true)
      // Who comes later is told as well, and asking for checkpoints harms nobody.
      const second = await clientOf(onTestFinished, address)
      await second.until(hasProblem(second, text))
      second.send({ type: 'history', id: 1, key: 'hall' })
      await second.until(() => second.all('history').length === 1)
      expect(second.all('history')).toMatchObject([
        { checkpoints: [], problem: { message: expect.stringMatching(text) } },
      ])
      expect(failures).toHaveLength(1)
      mend()
      for (const client of [first, second]) {
        await client.until(isRead(client))
        const services = client.all('stored').flatMap((message) => message.services)
        expect(services.map(({ key, phase, value }) => [key, phase, value])).toEqual([
          ['hall', 'paused', 'on'],
          ['kitchen', 'paused', 'on'],
        ])
        expect(client.all('refused')).toEqual([])
      }
      expect(failures).toEqual([expect.any(Error), undefined])
    },
  )

  test.concurrent.for(DAMAGES)(
    '%s while somebody looks: that is told once, with the services that are not read',
    async ([, damage, text], { onTestFinished }) => {
      const { folder, path } = await recordedStore(sqliteStore, undefined, onTestFinished)
      const { address } = await beside(onTestFinished, folder)
      const early = await clientOf(onTestFinished, address)
      await early.until(isRead(early))
      const mend = damaged(path, damage)
      await early.until(hasProblem(early, text))
      expect([...(lastStored(early)?.unread ?? [])].sort()).toEqual(['hall', 'kitchen'])
      const late = await clientOf(onTestFinished, address)
      await late.until(hasProblem(late, text))
      expect([...(lastStored(late)?.unread ?? [])].sort()).toEqual(['hall', 'kitchen'])
      mend()
      await early.until(isRead(early))
      await late.until(isRead(late))
      expect(lastStored(early)).toMatchObject({
        services: [{ key: 'hall' }, { key: 'kitchen' }],
        removed: [],
      })
      expect(early.all('stored').filter(({ problem }) => problem !== undefined)).toHaveLength(1)
    },
  )

  test.concurrent('what a process beside it records is shown all the while', async ({ onTestFinished }) => {
    const { folder, path } = await recordedStore(sqliteStore, undefined, onTestFinished)
    const supervisor = await createSupervisor({
      store: sqliteStore(folder),
      inspect: { port: false },
      onFailed: () => {},
    })
    onTestFinished(async () => void (await supervisor.close()))
    const hall = await supervisor.start(lamp, { key: 'hall' })
    const { address } = await beside(onTestFinished, folder)
    const client = await clientOf(onTestFinished, address)
    await client.until(isRead(client))
    const mend = damaged(path, folderIn)
    await client.until(hasProblem(client, /no plain file/))
    const pressed = client.of('hall').filter(isPress).length
    // Whether its owner can still write is another question.
    void hall.send({ type: 'PRESS' }).catch(() => {})
    await client.until(() => client.of('hall').filter(isPress).length > pressed)
    mend()
    await client.until(isRead(client))
    expect(client.all('refused')).toEqual([])
  })
})

describe('a file store', () => {
  test.concurrent.for([
    ['its checkpoints are no folder', 'checkpoints', (path: string) => put(path, 'no folder'), /ENOTDIR/],
    [
      'a file lies among its folders',
      'checkpoints',
      (path: string) => writeFileSync(join(path, 'astray'), ''),
      /ENOTDIR/,
    ],
    [
      'nobody can tell whose a damaged file is',
      'checkpoints',
      (path: string) => {
        const folder = join(path, readdirSync(path)[0] ?? '')
        for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'x')
      },
      /nothing beside it tells whose it is/,
    ],
  ] as const)(
    'of which %s is shown as far as it can be read',
    async ([, name, damage, text], { onTestFinished }) => {
      const { folder, path } = await recordedStore(fileStore, name, onTestFinished)
      const { address } = await beside(onTestFinished, folder, fileStore)
      const client = await clientOf(onTestFinished, address)
      await client.until(isRead(client))
      const mend = damaged(path, damage)
      await client.until(hasProblem(client, text))
      await client.until(() => client.states.size === 2)
      mend()
      await client.until(isRead(client))
      expect(client.all('stored').flatMap(({ removed }) => removed)).toEqual([])
      expect(client.all('refused')).toEqual([])
    },
  )
})
