const ASKED: Readonly<Record<string, string>> = {
  page: 'on the process’s own page',
  socket: 'over its control socket',
  tab: 'by another tab',
}

/** Who has asked for something, as far as its process knows. */
export function askedText(by: string): string {
  return ASKED[by] ?? `by ${by}`
}

/** Who has set or released a hold, or for whom the program has. */
export function holderText({ by, asker }: { readonly by: string; readonly asker?: string }): string {
  if (asker === undefined) return `by ${by}`
  if (asker === 'unrecorded') return 'who set it was not recorded'
  return asker === 'checkpoint' ? 'kept by its checkpoint' : `asked for ${askedText(asker)}`
}
