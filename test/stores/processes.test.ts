import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LOCK_FILE } from '../../src/stores/lock.js'
import { commitAll } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'
import { ADAPTERS, KINDS } from './fixtures/adapters.js'
import { startProcess } from './fixtures/process.js'

/*
 * Faults: another process holds the store; it dies by SIGKILL, idle or between any two instructions of a commit;
 * it is frozen, loses the store, and wakes.
 */
describe.each(KINDS)('%s store and another process', (kind) => {
  const open = ADAPTERS[kind]

  it('is refused at once while the other holds it, and admitted after its SIGKILL', async () => {
    const folder = temporaryFolder()
    const holder = startProcess(kind, folder)
    const { pid, epoch = 0 } = await holder.ask('claim')
    expect(pid).toBe(holder.child.pid)
    await holder.ask('commit a 1')
    await expect(open(folder).claim()).rejects.toMatchObject({ code: 'STORE_LOCKED', holderPid: pid })

    const reader = await open(folder).read()
    expect((await reader.load('a'))?.text).toBe('a at 1')
    expect((await reader.owner())?.pid).toBe(pid)
    await reader.close()

    await holder.kill()
    const claim = await open(folder).claim()
    expect(claim.epoch).toBe(epoch + 1)
    await commitAll(claim, 'a', [2])

    const late = startProcess(kind, folder)
    expect(await late.ask('claim')).toMatchObject({
      error: { code: 'STORE_LOCKED', holderPid: process.pid },
    })
    await claim.close()
    expect(await late.ask('claim')).toMatchObject({ epoch: epoch + 2 })
  })

  it.each([1, 10, 100])('has every commit that was acknowledged before a SIGKILL after %i', async (after) => {
    const folder = temporaryFolder()
    const child = startProcess(kind, folder)
    await child.ask('claim')
    child.send('loop')
    let acknowledged = 0
    while (acknowledged < after) acknowledged = (await child.next()).acknowledged ?? 0
    for (const said of await child.kill()) acknowledged = said.acknowledged ?? acknowledged

    const claim = await open(folder).claim()
    onTestFinished(() => claim.close())
    for (const key of ['a', 'b', 'c']) {
      const history = await claim.history(key)
      const newest = history[0]?.sequence ?? 0
      // The one that was on its way may be there as well.
      expect([acknowledged, acknowledged + 1]).toContain(newest)
      expect(history.length).toBeGreaterThanOrEqual(Math.min(3, newest))
      for (const { sequence, text } of history) expect(text).toBe(`${key} at ${sequence}`)
      await commitAll(claim, key, [newest + 1])
    }
  })

  it('refuses the commits of an owner that slept while another took over', async () => {
    const folder = temporaryFolder()
    const sleeper = startProcess(kind, folder)
    const { epoch } = await sleeper.ask('claim')
    await sleeper.ask('commit a 1')
    sleeper.child.kill('SIGSTOP')
    unlinkSync(join(folder, LOCK_FILE))

    const claim = await open(folder).claim()
    await commitAll(claim, 'a', [2])
    sleeper.child.kill('SIGCONT')
    expect(await sleeper.ask('commit a 2')).toMatchObject({
      error: { code: 'STALE_EPOCH', epoch, currentEpoch: claim.epoch },
    })
    expect(await sleeper.ask('commit b 1')).toMatchObject({ error: { code: 'STALE_EPOCH' } })
    expect((await claim.list()).map(({ key, sequence }) => [key, sequence])).toEqual([['a', 2]])
    expect((await claim.load('a'))?.epoch).toBe(claim.epoch)
    await claim.close()
  })
})
