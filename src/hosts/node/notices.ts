import { every, type World } from './world.js'

/** What a cloud says before it takes a machine away. */
export interface Notice {
  /** How long the machine is still there, in ms. Default: the `deadlineMs` of the host. */
  readonly deadlineMs?: number
}

export interface NoticesOptions {
  /** Asks the cloud; undefined while it says nothing. What this rejects with is no notice. */
  readonly ask: () => Promise<Notice | undefined>
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
    const notice = await ask().catch(() => undefined)
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
