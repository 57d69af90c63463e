import { UnknownServiceError } from '../errors/service.js'
import type { StoreReader } from '../ports/store.js'
import type { Maker } from './maker.js'
import type { Roster } from './roster.js'

/**
 * Goes on with every stored service that has neither ended nor failed and whose definition is known, page by page.
 *
 * @param pageDone is called after each page
 * @param told hears of each definition that is not known, by the first service that it has there
 * @throws what the store threw at the first checkpoint that could not be loaded, after all others went on
 */
export async function resumeAll(
  roster: Roster,
  list: StoreReader['list'],
  pageDone: () => void,
  told: Pick<Maker, 'warn'>,
): Promise<void> {
  const unknown = new Set<string>()
  const failures: unknown[] = []
  const keep = (error: unknown) => {
    // One that was removed since the list was read is no failure.
    if (!(error instanceof UnknownServiceError)) failures.push(error)
  }
  for (let after: string | undefined; ; ) {
    const page = await list(after === undefined ? {} : { after })
    for (const { key, service, phase } of page) {
      if (phase === 'done' || phase === 'failed' || roster.has(key)) continue
      if (roster.definitions.has(service)) await roster.get(key).catch(keep)
      else if (!unknown.has(service)) {
        unknown.add(service)
        told.warn(new UnknownServiceError({ key, service }))
      }
    }
    pageDone()
    after = page.at(-1)?.key
    if (after === undefined) break
  }
  if (failures.length > 0) throw failures[0]
}
