/** A text as an argument for a shell. */
export function argument(text: string): string {
  return /^[\w.:@%+=/][\w.:@%+=/-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A text whose commands reach a store from wherever they are called: `option` names it. */
export function inFull(text: string, option: string): string {
  return text.replaceAll(/`(tardigrade [^`]+)/g, (_, command) => `\`npx ${command}${option}`)
}
