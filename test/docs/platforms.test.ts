import { EventEmitter } from 'node:events'
import { describeHost } from 'tardigrade'
import { capacitorHost } from 'tardigrade/hosts/capacitor'
import { electronHost } from 'tardigrade/hosts/electron'
import { type EmbedderPort, embedderHost, WORDS } from 'tardigrade/hosts/embedder'
import { manualHost } from 'tardigrade/hosts/manual'
import { nodeHost } from 'tardigrade/hosts/node'
import { reactNativeHost } from 'tardigrade/hosts/react-native'
import { expect, test } from 'vitest'
import { promiseOf, type RedisSettings } from '../../src/stores/redis/persistence.js'
import { describeSnippets, pageOf } from './snippets.js'

describeSnippets('docs/platforms.md', 1)

const page = pageOf('docs/platforms.md')
const emitter = new EventEmitter()
const plugin = { addListener: async () => ({ remove() {} }) }
const port: EmbedderPort = { listen: () => () => {}, answer: () => {} }
const hosts = {
  node: nodeHost(),
  'react-native': reactNativeHost({
    AppState: { currentState: 'active', addEventListener: () => ({ remove() {} }) },
    NetInfo: { addEventListener: () => () => {} },
  }),
  electron: electronHost({ app: Object.assign(emitter, { quit() {} }), powerMonitor: emitter }),
  capacitor: capacitorHost({
    App: { ...plugin, getState: async () => ({ isActive: true }) },
    Network: { ...plugin, getStatus: async () => ({ connected: true }) },
  }),
  embedder: embedderHost(port),
}

test.each(Object.entries(hosts))('the page has what describeHost says of %s', (_, host) => {
  expect(page).toContain(describeHost(host))
  expect(describeHost(host)).toMatch(/^\| survives \| `\w+Store`/m)
})

test('the page has every word of every platform, and what it means', () => {
  for (const [platform, words] of Object.entries(WORDS)) {
    for (const [word, meaning] of Object.entries(words)) {
      expect(page).toContain(`| ${platform} | \`${word}\` | ${told(meaning)} |`)
    }
  }
})

test('a host that says nothing of itself is told as that', () => {
  expect(describeHost(() => () => {})).toBe('This host does not say what its platform tells.')
  expect(describeHost(manualHost().host)).toContain('| Your own code tells | when |')
  expect(describeHost(manualHost().host)).toContain('| survives | `memoryStore`: nothing;')
})

test('a host of others says itself what survives what there, or nothing of it', () => {
  const description = { platform: 'A kiosk', tells: {}, silent: ['a thief'], time: 'none' }
  const say = (more: object) =>
    describeHost(Object.assign(() => () => {}, { description: { ...description, ...more } }))
  expect(say({})).toMatch(/\| time \| none \|$/)
  expect(say({ lives: 'a day', survives: 'a thief' })).toMatch(
    /\| time \| none \|\n\| lives \| a day \|\n\| survives \| a thief \|$/,
  )
})

function told(meaning: (typeof WORDS)[string][string]): string {
  if ('interrupt' in meaning)
    return `\`${meaning.interrupt}\` begins${meaning.untilNext ? ', until the next word' : ''}`
  if ('release' in meaning) return `\`${meaning.release}\` ends`
  if ('moment' in meaning) return `\`${meaning.moment}\`, for a time`
  return 'shutdown' in meaning ? 'the end' : `nothing: ${meaning.nothing}`
}

test('the page says of the settings of Redis what the store makes of them', () => {
  const always = { appendonly: 'yes', appendfsync: 'always' }
  const settings: readonly RedisSettings[] = [
    always,
    { ...always, 'no-appendfsync-on-rewrite': 'yes' },
    { appendonly: 'yes', appendfsync: 'everysec' },
    { appendonly: 'yes', appendfsync: 'no' },
    { appendonly: 'no', save: '3600 1' },
    { appendonly: 'no', save: '' },
    { ...always, maxmemory: '100', 'maxmemory-policy': 'allkeys-lru' },
  ]
  const [, table = ''] = page.split('| settings of Redis |')
  const rows = table.split('\n').slice(2, 2 + settings.length)
  expect(rows.map((row) => row.split(' | ')[1])).toEqual(
    settings.map((one) => `\`${promiseOf(one).durability}\``),
  )
})
