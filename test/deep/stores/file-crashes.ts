import type { StoreClaim } from '../../../src/ports/store.js'
import { Random } from '../../crash/random.js'
import type { DiskCalls, Fault } from '../disk/calls.js'
import { Disk } from '../disk/disk.js'
import type { Effort, PartReport } from '../part.js'
import { Tally } from '../tally.js'
import { FILES, FileHistory, found, onDisk } from './file-history.js'
import { look, NOTHING } from './held.js'
import { judge } from './judge.js'
import { after, cutOff } from './outcomes.js'
import { ask, type Operation, workload } from './workload.js'

/** What a call meets: death before and after it are the disk's prefixes, which `deaths` goes through. */
const FAULTS: readonly Fault[] = [{ code: 'ENOSPC' }, { code: 'ENOSPC', half: true }, { code: 'EIO' }]

/** A file store whose owner is killed, or whose disk fails, at every call of its file system. */
export async function fileCrashPoints({ seed, goOn }: Effort): Promise<PartReport> {
  const tally = new Tally('file store: crash points', 'crash points, all protocols')
  for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
    const random = new Random(seed + round)
    const operations = workload(random, 1 + random.below(2))
    const where = `seed ${seed + round}`
    const calls = await deaths(operations, tally, where)
    for (let call = 1; call <= calls && tally.sound && goOn(tally.cases); call++) {
      for (const fault of FAULTS) {
        const what = `${where}, ${fault.code}${fault.half ? ' half way' : ''} at call ${call}`
        await tally.try(what, () => failing(operations, call, fault))
      }
    }
  }
  return tally.report()
}

/** kill -9 between any two events, and in the middle of every write. Returns how many calls there are to fail. */
async function deaths(operations: readonly Operation[], tally: Tally, where: string): Promise<number> {
  const history = new FileHistory()
  await history.live(operations)
  const { events } = history.disk
  for (let count = 0; count <= events.length && tally.sound; count++) {
    const past = events.slice(0, count)
    const allowed = history.allowedAfter(count)
    const dies = async () => judge(await found(history.diskOf(past)), allowed)
    await tally.try(`${where}, killed after event ${count}`, dies)
    const next = events[count]
    if (next?.do !== 'write') continue
    const torn = { ...next, text: next.text.slice(0, next.text.length >> 1) }
    const tears = async () =>
      judge(await found(history.diskOf([...past, torn])), history.allowedAfter(count + 1))
    await tally.try(`${where}, killed in the write after event ${count}`, tears)
  }
  let calls = 0
  await onDisk(new Disk(), async (claim, disk) => {
    let held = NOTHING
    for (const [index, operation] of operations.entries()) {
      await ask(claim, operation, held, `n${index}`)
      held = after(held, operation, claim.epoch, `n${index}`)
    }
    calls = disk.count
  })
  return calls
}

/**
 * One call fails, and the owner goes on: what failed was not written, is not there in part, and goes through when it is
 * asked for again; the next owner finds the same.
 */
async function failing(
  operations: readonly Operation[],
  call: number,
  fault: Fault,
): Promise<string | undefined> {
  const disk = new Disk()
  let held = NOTHING
  const live = async (claim: StoreClaim, calls: DiskCalls) => {
    for (const [index, operation] of operations.entries()) {
      const failed = await ask(claim, operation, held, `n${index}`).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (failed === undefined) {
        held = after(held, operation, claim.epoch, `n${index}`)
        continue
      }
      calls.fault = () => undefined
      // A commit that was refused was not written; the others may have come some way.
      const cut = cutOff(FILES, held, operation, claim.epoch, `n${index}`)
      const now = await look(claim)
      const wrong = judge(now, operation.do === 'commit' ? [held] : cut)
      if (wrong !== undefined) return `after ${failed}, ${wrong}`
      await ask(claim, operation, now, `r${index}`)
      held = after(now, operation, claim.epoch, `r${index}`)
    }
    calls.fault = () => undefined
    return judge(await look(claim), [held])
  }
  const first = onDisk(disk, live, (at) => (at === call ? fault : undefined))
  // A claim that fails has changed nothing, and the next one goes through.
  const wrong = await first.catch(() => onDisk(disk, live))
  return wrong ?? judge(await found(disk), [held])
}
