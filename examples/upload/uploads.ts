import { createSupervisor, type Service, type Supervisor } from 'tardigrade'
import { browserHost } from 'tardigrade/hosts/browser'
import { indexedDbStore } from 'tardigrade/stores/indexeddb'
import { keep, letGo, letGoOthers } from './files.js'
import { upload } from './upload.js'

export type Upload = Service<typeof upload.machine>

/** The uploads of this browser: those that earlier pages had begun, and new ones. */
export interface Uploads {
  readonly begun: readonly Upload[]
  begin(file: File, bytesPerSecond: number | undefined): Promise<Upload>
  remove(upload: Upload): Promise<void>
}

/** Resolves when this tab has the uploads: when no other has them open. */
export async function openUploads(): Promise<Uploads> {
  const supervisor = await createSupervisor({
    store: indexedDbStore('uploads', { whenLocked: 'wait' }),
    host: browserHost(),
    definitions: [upload],
  })
  const stored = await storedKeys(supervisor)
  await letGoOthers(new Set(stored))
  return {
    begun: await Promise.all(stored.map((key) => supervisor.get(key) as Promise<Upload>)),
    async begin(file, bytesPerSecond) {
      const key = crypto.randomUUID()
      await keep(key, file)
      const to = `${location.origin}/uploads/${key}/${encodeURIComponent(file.name)}`
      const pace = bytesPerSecond === undefined ? {} : { bytesPerSecond }
      return supervisor.start(upload, { key, input: { from: key, to, ...pace } })
    },
    async remove({ key }) {
      await supervisor.remove(key)
      await letGo(key)
    },
  }
}

async function storedKeys(supervisor: Supervisor): Promise<string[]> {
  const keys: string[] = []
  for (let page = await supervisor.list(); page.length > 0; ) {
    keys.push(...page.map(({ key }) => key))
    page = await supervisor.list({ after: page.at(-1)?.key ?? '' })
  }
  return keys
}
