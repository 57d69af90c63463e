/** A name as it is written before the colon of an object in code. */
export function keyInCode(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}
