import { UnknownServiceError } from '../errors/service.js'
import type { StoreReader } from '../ports/store.js'
import type { Roster } from './roster.js'

/**
 * Goes on with every stored service that has neither ended nor failed and whose definition is known, page by page.
 *
 * @param pageDone is called after each page
 * @throws what the store threw at the first checkpoint that could not be loaded, after all others went on
 */
export async function resumeAll(
  roster: Roster,
  list: StoreReader['list'],
  pageDone: () => void,
): Promise<void> {
  const failures: unknown[] = []
  const keep = (error: unknown) => {
    // One that was removed since the list was read is no failure.
    if (!(error instanceof UnknownServiceError)) failures.push(error)
  }
  for (let after: string | undefined; ; ) {
    const page = await list(after === undefined ? {} : { after })
    for (const { key, service, phase } of page) {
      const known = roster.definitions.has(service) && !roster.has(key)
      if (known && phase !== 'done' && phase !== 'failed') await roster.get(key).catch(keep)
    }
    pageDone()
    after = page.at(-1)?.key
    if (after === undefined) break
  }
  if (failures.length > 0) throw failures[0]
}
