/** A text as an argument for a shell. */
export function argument(text: string): string {
  return /^[\w.:@%+=/][\w.:@%+=/-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
