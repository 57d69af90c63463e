import { isObject } from '../../errors/option-checks.js'
import { every, type World } from './world.js'

/** What a cloud says before it takes a machine away. */
export interface Notice {
  /** How long the machine is still there, in ms; none is left where it is below 0. Default, for what is no number too: the `deadlineMs` of the host. */
  readonly deadlineMs?: number
}

export interface NoticesOptions {
  /** Asks the cloud; undefined or null while it says nothing. What this throws or rejects with is no notice. */
  readonly ask: () => Promise<Notice | null | undefined>
  /** How long after an answer it is asked again, in ms. Default 5000, as clouds advise. */
  readonly everyMs?: number
}

/** Asks until there is a notice, once. */
export function watchNotices(
  { ask, everyMs = 5000 }: NoticesOptions,
  world: World,
  hear: (notice: Notice) => void,
): () => void {
  let over = false
  const end = every(world, everyMs, async () => {
    const notice = await answerOf(ask)
    if (notice === undefined || over) return
    finish()
    hear(notice)
  })
  const finish = () => {
    over = true
    end()
  }
  return finish
}

/** What a cloud answers may be anything: its notice counts, whatever time it gives. */
async function answerOf(ask: NoticesOptions['ask']): Promise<Notice | undefined> {
  try {
    const notice = await ask()
    if (!isObject(notice)) return undefined
    const { deadlineMs } = notice
    return Number.isFinite(deadlineMs) ? { deadlineMs: Math.max(0, Number(deadlineMs)) } : {}
  } catch {
    return undefined
  }
}
