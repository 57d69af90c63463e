import { tryPeek } from '../../checkpoint/peek.js'
import { argument } from '../../errors/argument.js'
import { problemOf, type TardigradeError } from '../../errors/base.js'
import type { StoredCheckpoint } from '../../ports/store.js'
import { problemFrom } from '../problem.js'
import type { Damage } from '../stream/message.js'

/** Those whose content cannot be used at all; what another version has written is as good as it was. */
const DAMAGED: readonly string[] = ['DAMAGED_CHECKPOINT', 'INVALID_CHECKPOINT']

/** What is wrong with each of the kept checkpoints of one service, newest first, and what is to be done as the others are; undefined of a sound one. */
export function damagesIn(
  kept: readonly StoredCheckpoint[],
  folder: string | undefined,
): readonly (Damage | undefined)[] {
  const errors = kept.map((one) => {
    const seen = tryPeek(one)
    return 'error' in seen ? seen.error : undefined
  })
  const [newest] = errors
  const good = kept.find((_, at) => errors[at] === undefined)
  return errors.map((error, at) => {
    if (error === undefined) return undefined
    if (at === 0) return damage(error, ofNewest(kept[0]?.key ?? '', good, folder), good?.sequence)
    return damage(error, newest === undefined ? UNNEEDED : 'Nothing goes on from it either.')
  })
}

const UNNEEDED = 'The service does not need it; look for what damages the disk, and for a backup.'

function damage(error: TardigradeError, remedy: string, lastGood?: number): Damage {
  if (!DAMAGED.includes(error.code)) return problemFrom(error)
  const told = { code: error.code, message: `${problemOf(error)} ${remedy}`, remedy }
  return lastGood === undefined ? told : { ...told, lastGood }
}

function ofNewest(key: string, good: StoredCheckpoint | undefined, folder: string | undefined): string {
  const store = folder === undefined ? '' : ` --store ${argument(folder)}`
  const quoted = argument(key)
  if (good === undefined)
    return `It is kept, and no older one is usable either: restore a backup, or give the service up with \`npx tardigrade rm ${quoted}${store}\`.`
  const again = `\`npx tardigrade retry ${quoted} --last-good${store}\` while a process has the store, or \`npx tardigrade run MODULE --key ${quoted} --retry --last-good${store}\``
  return `It is kept. Checkpoint ${good.sequence} is good: go on from it with ${again}, and see to what happened in between.`
}
