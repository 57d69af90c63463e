import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One released record, with what reviving it must give. */
export interface GoldenRecord {
  readonly version: string
  readonly name: string
  readonly text: string
  readonly gives: unknown
}

function parts(version: string): readonly number[] {
  return version.slice(1).split('.').map(Number)
}

function compare(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)]
  const at = left.findIndex((part, index) => part !== right[index])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

/** The folders of released versions, oldest first. */
export function versionsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^v\d+\.\d+\.\d+$/.test(name))
    .sort(compare)
}

/** Every record of a version. */
export function recordsOf(folder: string, version: string): readonly GoldenRecord[] {
  const names = readdirSync(join(folder, version)).filter((name) => name.endsWith('.txt'))
  return names.sort().map((file) => {
    const name = file.slice(0, -'.txt'.length)
    const read = (end: string) => readFileSync(join(folder, version, `${name}.${end}`), 'utf8')
    return { version, name, text: read('txt'), gives: JSON.parse(read('json')) }
  })
}
