import type { HostDescription } from '../ports/host.js'

const ON_DISK = "kill -9, a crash, a power cut (`durability: 'power'`), but not the deletion of its folder"
const IN_BROWSER =
  "a power cut as far as the browser’s `durability: 'strict'` goes, but not the deletion of the data by the user, nor an eviction that `persist` could not keep off"

/** By the platform of our own hosts. `describeHost` alone loads it: a page, which describes nothing, has none of it. */
export const SURVIVES: ReadonlyMap<string, Pick<HostDescription, 'lives' | 'survives'>> = new Map([
  [
    'A Node process',
    {
      survives: `\`sqliteStore\`, \`fileStore\`: ${ON_DISK}; \`postgresStore\`: the end of this process and its machine, a crash and a power cut of the server; \`redisStore\`: the same as far as the server’s settings promise`,
    },
  ],
  [
    'A page, or a worker',
    {
      lives:
        'a page as long as its tab, a dedicated worker as long as its page, a shared worker as long as one of its pages, a service worker some seconds after it was last asked something, or as `waitUntil` asks',
      survives: `\`indexedDbStore\`: a tab that is closed or discarded, a worker’s end, a crash, a browser that is killed, ${IN_BROWSER}`,
    },
  ],
  ['Electron’s main process', { survives: `\`sqliteStore\`: ${ON_DISK}` }],
  ['An app of Capacitor', { survives: `\`indexedDbStore\`: the end of the app, a crash, ${IN_BROWSER}` }],
  [
    'An app of React Native',
    {
      survives:
        '`asyncStorageStore`, `mmkvStore`: the end of the app, a crash, and of a power cut all but the last commits, but not the deletion of the app’s data',
    },
  ],
  [
    'What embeds this JavaScript',
    {
      survives: `\`sqliteStore\` in a process of Node: ${ON_DISK}; \`indexedDbStore\` in a web view: the end of the app, a crash, ${IN_BROWSER}`,
    },
  ],
  ['Your own code', { survives: '`memoryStore`: nothing; another store: what its own platform says' }],
])
