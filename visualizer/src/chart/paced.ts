/** Does the last of what it is given, at once and then no more often than this. */
export function paced(everyMs: number): (act: () => void) => void {
  let next: (() => void) | undefined
  let isResting = false
  const rested = (): void => {
    const act = next
    next = undefined
    isResting = act !== undefined
    if (act === undefined) return
    act()
    setTimeout(rested, everyMs)
  }
  return (act) => {
    next = act
    if (isResting) return
    rested()
  }
}
