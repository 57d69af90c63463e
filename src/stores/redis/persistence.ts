import type { Connection } from './connection.js'
import { isAway, isUnknownUser } from './failures.js'

/** What the settings of a server promise for what was acknowledged. */
export interface RedisPersistence {
  /**
   * `power`: it outlives a power cut of the server. `process`: it outlives kill -9 of the server; a power cut takes the last of it.
   * `none`: the end of the server, or its need of memory, may take it.
   */
  readonly durability: 'none' | 'process' | 'power'
  /** What the server loses, and by which setting, as a part of a sentence. */
  readonly says: string
}

/** The settings that decide, as the server tells them; undefined where it does not. */
export interface RedisSettings {
  readonly appendonly?: string | undefined
  readonly appendfsync?: string | undefined
  readonly 'no-appendfsync-on-rewrite'?: string | undefined
  readonly save?: string | undefined
  readonly maxmemory?: string | undefined
  readonly 'maxmemory-policy'?: string | undefined
}

/** What these settings promise. */
export function promiseOf(settings: RedisSettings): RedisPersistence {
  const {
    appendonly,
    appendfsync,
    save,
    maxmemory = '0',
    'maxmemory-policy': policy = 'noeviction',
  } = settings
  if (policy.startsWith('allkeys') && maxmemory !== '0') {
    return none(`it drops what it pleases when memory is short (maxmemory-policy ${policy})`)
  }
  if (appendonly === undefined) return none('it does not tell its settings')
  if (appendonly !== 'yes') {
    if (save === undefined || save === '')
      return none('all is lost when it ends (appendonly no, no snapshots)')
    return none(`what came after its last snapshot is lost when it ends (appendonly no, save ${save})`)
  }
  switch (appendfsync) {
    case 'always':
      if (settings['no-appendfsync-on-rewrite'] === 'yes')
        return last('while it rewrites its log (no-appendfsync-on-rewrite yes)')
      return { durability: 'power', says: 'nothing is lost (appendonly yes, appendfsync always)' }
    case 'everysec':
      return last('of the last second or two (appendfsync everysec)')
    case undefined:
      return last('since a sync that it does not tell of (appendonly yes, appendfsync unknown)')
    default:
      return last(`that its system has not written yet (appendfsync ${appendfsync})`)
  }
}

const none = (says: string): RedisPersistence => ({ durability: 'none', says })
const last = (what: string): RedisPersistence => ({
  durability: 'process',
  says: `a power cut takes what came ${what}`,
})

/** Asks the server for its settings: by CONFIG, or by what INFO tells of them where CONFIG is forbidden. */
export async function readSettings(connection: Connection): Promise<RedisSettings> {
  const told = async (
    ...command: readonly [string, ...string[]]
  ): Promise<string | ReadonlyMap<string, string>> => {
    const [name, ...values] = command
    const answer = await connection.call(name, ...values)
    return typeof answer === 'string' ? answer : entriesOf(answer)
  }
  try {
    const patterns = ['*append*', 'save', 'maxmemory*']
    const all = await Promise.all(patterns.map((pattern) => told('CONFIG', 'GET', pattern)))
    return Object.fromEntries(all.flatMap((some) => (typeof some === 'string' ? [] : [...some])))
  } catch (error) {
    if (isAway(error) || isUnknownUser(error)) throw error
  }
  try {
    const info = new Map([
      ...linesOf(await told('INFO', 'persistence')),
      ...linesOf(await told('INFO', 'memory')),
    ])
    const aof = info.get('aof_enabled')
    return {
      appendonly: aof === undefined ? undefined : aof === '1' ? 'yes' : 'no',
      maxmemory: info.get('maxmemory'),
      'maxmemory-policy': info.get('maxmemory_policy'),
    }
  } catch (error) {
    if (isAway(error)) throw error
    return {}
  }
}

/** Names and values, which drivers and protocols give as a list, an object or a map. */
function entriesOf(answer: unknown): ReadonlyMap<string, string> {
  if (answer instanceof Map) return answer
  if (!Array.isArray(answer)) return new Map(Object.entries(answer ?? {}))
  const pairs = answer.flatMap((name, index) =>
    index % 2 === 0 ? [[String(name), String(answer[index + 1])] as const] : [],
  )
  return new Map(pairs)
}

function linesOf(info: string | ReadonlyMap<string, string>): (readonly [string, string])[] {
  if (typeof info !== 'string') return [...info]
  return info
    .split(/\r?\n/)
    .map((line) => line.split(':'))
    .map(([name = '', value = '']) => [name, value] as const)
}
