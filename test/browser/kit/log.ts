import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The log of the databases of the one site that a Chromium has in this folder; nobody has it open. */
export function logIn(folder: string): string {
  const all = join(folder, 'Default', 'IndexedDB')
  const names = readdirSync(all, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.log'),
  )
  const [name] = names
  if (name === undefined || names.length > 1) throw new Error(`the logs of ${all} are ${names.join()}`)
  return join(all, name)
}
