/** A value as JavaScript that means the same, on one line. */
export function literal(value: unknown): string {
  // As a name in braces it would set the prototype.
  return oneLine(JSON.stringify(value)).replaceAll(/(?<!\\)"__proto__":/g, '["__proto__"]:')
}

/** A text as JavaScript, on one line. */
export function quoted(text: string): string {
  return oneLine(JSON.stringify(text))
}

/** JSON leaves two characters as they are that end a line of JavaScript. */
function oneLine(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
