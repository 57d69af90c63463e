// What a browser keeps of a site, and for how long.
import { describe, expect, test } from 'vitest'
import { bundle } from './kit/site.js'
import { tabsOf } from './kit/tabs.js'

const { url, open, privately } = tabsOf(async () => ({ app: await bundle('app.ts') }))

describe('a private window', () => {
  test('keeps what it was given as long as it is open, and its tabs one owner; the next one begins anew', async () => {
    const first = await privately()
    const tab = await first.open(url('app'))
    await tab.run('start()')
    await tab.run('add()')
    const other = await first.open(url('app'))
    expect(await other.run('start()')).toMatchObject({ error: { code: 'STORE_LOCKED' } })
    await tab.close()
    expect(await other.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
    await first.close()
    const second = await privately()
    const anew = await second.open(url('app'))
    expect(await anew.run('start()')).toMatchObject({ value: { n: 0 } })
    await second.close()
  })
})

test('a store that was claimed ten thousand times keeps a note of so many of its owners, and no more', async () => {
  const tab = await open()
  await tab.run('start()')
  await tab.run('close()')
  /** What stands of owners that are over, once `change` was written. */
  const over = (change: string) =>
    tab.run(`new Promise((resolve, reject) => {
      const asked = indexedDB.open('app')
      asked.onsuccess = () => {
        const transaction = asked.result.transaction(['owner', 'turn'], 'readwrite')
        const [owner, turn] = ['owner', 'turn'].map((name) => transaction.objectStore(name))
        ${change}
        const notes = turn.getAllKeys()
        transaction.onabort = () => reject(transaction.error)
        transaction.oncomplete = () => {
          asked.result.close()
          resolve(notes.result.filter((note) => note !== 'writer'))
        }
      }
    })`)
  await over(`
    owner.get('owner').onsuccess = ({ target }) => owner.put({ ...target.result, epoch: 10_002 }, 'owner')
    for (const epoch of [2, 3, 10_000]) turn.put({ id: 'over ' + epoch, epoch })`)
  expect(await tab.run('start()')).toMatchObject({ value: { n: 0 } })
  await tab.run('close()')
  expect(await over('')).toEqual(['over 0', 'over 10000', 'over 10002', 'over 3'])
})

describe('what is asked of the browser', () => {
  const counted = `{ globalThis.asked = 0; navigator.storage.persist = async () => { asked++; return false }; undefined }`

  test.each([
    ['{ persist: true }', 1],
    ['{ persist: undefined }', 1],
    ['{ persist: false }', 0],
  ])('to keep the data, with %s: %i times', async (options, times) => {
    const tab = await open()
    await tab.run(counted)
    await tab.run(`start(${options})`)
    expect(await tab.run('asked')).toBe(times)
  })

  test('a browser that refuses to answer that keeps nobody from starting', async () => {
    const tab = await open()
    await tab.run(`{ navigator.storage.persist = () => Promise.reject(new Error('not here')); undefined }`)
    expect(await tab.run('start({ persist: true })')).toMatchObject({ value: { n: 0 } })
  })
})
