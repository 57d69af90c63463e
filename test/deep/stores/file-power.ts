import { Random } from '../../crash/random.js'
import { Disk, type DiskEvent } from '../disk/disk.js'
import { powerCuts } from '../disk/power-cut.js'
import type { Effort, PartReport } from '../part.js'
import { Tally } from '../tally.js'
import { FILES_WITHOUT_POWER, FileHistory, found } from './file-history.js'
import { NOTHING } from './held.js'
import { judge } from './judge.js'
import { workload } from './workload.js'

/**
 * A file store loses power after every event on its disk, with every combination of unsynced writes surviving; some
 * of its lives begin where another was killed, whose unsynced writes are still on their way.
 */
export async function filePowerCuts({ seed, goOn }: Effort): Promise<PartReport> {
  const tally = new Tally('file store: power-loss orders, reopened')
  for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
    const random = new Random(seed + round)
    const first = new FileHistory(new Disk(), NOTHING, 'n', FILES_WITHOUT_POWER)
    await first.live(workload(random, 1 + random.below(5)))
    const history = random.below(2) === 0 ? first : await secondLife(first, random)
    const { events } = history.disk
    const begin = history === first ? 0 : (history.chapters[0]?.begin ?? 0)
    for (let count = begin; count <= events.length && tally.sound && goOn(tally.cases); count++) {
      const allowed = history.allowedAfter(count)
      for (const past of powerCuts(events.slice(0, count), history.temporary, random)) {
        await tally.try(`seed ${seed + round}, after event ${count} of ${events.length}`, async () =>
          judge(await found(history.diskOf(past)), allowed),
        )
      }
    }
  }
  return tally.report()
}

/** A rename is two events, of which a power cut may leave one; a process is killed before or after both. */
function afterRename(events: readonly DiskEvent[], count: number): number {
  const [last, next] = [events[count - 1], events[count]]
  return last?.do === 'link' && next?.do === 'unlink' && last.node === next.node ? count + 1 : count
}

/** Killed at some event, which is no power cut: the next owner finds all that was written, and goes on. */
async function secondLife(first: FileHistory, random: Random): Promise<FileHistory> {
  const killedAt = afterRename(first.disk.events, 1 + random.below(first.disk.events.length))
  const disk = first.diskOf(first.disk.events.slice(0, killedAt))
  const held = await found(first.diskOf(disk.events))
  const second = new FileHistory(disk, held, 'm', FILES_WITHOUT_POWER)
  // Often beyond the last call, and then nothing fails.
  const failing = random.below(150)
  await second.live(workload(random, 1 + random.below(4)), first.allowedAfter(killedAt), failing)
  return second
}
