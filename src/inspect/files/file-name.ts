/** The folder in a store's that holds the recording. */
export const FOLDER = 'inspect'

const NAME = /^([0-9a-z]{9}-[0-9a-f]{8})-(\d{6})\.jsonl$/

/** The file of an incarnation's segment; they sort by time as texts. */
export function fileNameOf(incarnation: string, number: number): string {
  return `${incarnation}-${String(number).padStart(6, '0')}.jsonl`
}

/** When the process of an incarnation's file started, in ms since 1970. */
export function startOf(name: string): number {
  return Number.parseInt(name.slice(0, 9), 36)
}

/** Undefined for a name that is no such file's. */
export function parseFileName(
  name: string,
): { readonly incarnation: string; readonly number: number } | undefined {
  const [, incarnation, number] = NAME.exec(name) ?? []
  return incarnation === undefined ? undefined : { incarnation, number: Number(number) }
}
