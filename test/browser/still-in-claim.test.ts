// @long: others take a store from pages that stand still.
import { beforeEach, expect, test } from 'vitest'
import { bundle } from './kit/site.js'
import { answers, tabsOf } from './kit/tabs.js'

const { open, started } = tabsOf(async () => ({ app: await bundle('app.ts') }))

// Each has a store in which somebody has counted to one.
beforeEach(async () => {
  const before = await started()
  await before.run('add()')
  await before.run('close()')
})

const HANGS = 'debugger'
/** What a browser tells of it, at the very instants: it tells nothing else in between. */
const IS_FROZEN = `document.dispatchEvent(new Event('freeze')); debugger; document.dispatchEvent(new Event('resume'))`

/** A page that stands still as it claims, when it has asked a store of the database for something, for the first time. */
async function standsStill(how: string, method: string, store: string, options = '') {
  const tab = await open()
  await tab.run(`{
    const real = IDBObjectStore.prototype.${method}
    IDBObjectStore.prototype.${method} = function (...given) {
      const asked = real.apply(this, given)
      if (this.name !== ${JSON.stringify(store)}) return asked
      IDBObjectStore.prototype.${method} = real
      // What is asked for with it is asked for first.
      queueMicrotask(() => { ${how} })
      return asked
    }
  }`)
  const stood = tab.stoodStill()
  const start = tab.run(`start({ whenLocked: "wait", ${options} })`)
  await stood
  return { tab, start }
}

test.each([
  ['hangs when it has read the owner', HANGS, 'get', 'owner', ''],
  ['hangs when it has read the checkpoints, to have more of them', HANGS, 'getAll', 'checkpoint', 'keep: 9'],
  ['hangs when it has written itself down', HANGS, 'put', 'owner', ''],
  ['is frozen when it has read the owner', IS_FROZEN, 'get', 'owner', ''],
  [
    'is frozen when it has read the checkpoints, to have more of them',
    IS_FROZEN,
    'getAll',
    'checkpoint',
    'keep: 9',
  ],
  ['is frozen when it has written itself down', IS_FROZEN, 'put', 'owner', ''],
])(
  'a page that %s, as it claims, keeps nobody waiting, and stands in line again when it goes on',
  async (_when, how, method, store, options) => {
    const { tab, start } = await standsStill(how, method, store, options)
    const next = await open()
    expect(await next.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
    await tab.send('Debugger.resume')
    await tab.show()
    await tab.run(answers(6))
    expect(await next.run('add()')).toEqual({ value: 2 })
    await next.run('close()')
    expect(await start).toMatchObject({ value: { n: 2 } })
    expect(await tab.run('add()')).toEqual({ value: 3 })
  },
)

test.each([
  ['hangs', HANGS],
  ['is frozen', IS_FROZEN],
])(
  'one that %s when it has written itself down, while another comes and goes, is the owner after that',
  async (_how, how) => {
    const { tab, start } = await standsStill(how, 'put', 'owner')
    const next = await started()
    expect(await next.run('add()')).toEqual({ value: 2 })
    await next.run('close()')
    await tab.send('Debugger.resume')
    expect(await start).toMatchObject({ value: { n: 2 } })
    expect(await tab.run('add()')).toEqual({ value: 3 })
  },
)
