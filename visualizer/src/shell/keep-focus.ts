/** Parts of the page to which the focus can go, each with what it is called or with its heading. */
const PARTS = 'section, aside, header, nav'

/**
 * Keeps who goes by keys where they are: what they have used may be disabled or go away, and the focus would fall out of the page.
 * It goes to the part in which that was, or to the one before it where the part itself is gone.
 */
export function keepFocus(): void {
  let last: Element | undefined
  const changes = new MutationObserver((records) => {
    // Looking costs a layout: nothing but a change of pane hides anything.
    const isOtherPane = records.some(({ attributeName }) => attributeName === 'data-pane')
    if (last === undefined || (isUsable(last) && (!isOtherPane || isSeen(last)))) return
    const lost = last
    // Somebody has put it elsewhere already.
    if (document.activeElement !== lost && document.activeElement !== document.body) return
    const place = placeOf(lost, records)
    last = undefined
    focusOn(place)
  })
  addEventListener('focusin', ({ target }) => {
    changes.disconnect()
    last = target instanceof Element ? target : undefined
    // Who goes by a pointer misses nothing, and nothing is watched for them.
    if (last?.matches(':focus-visible') !== true) return
    const [childList, subtree] = [true, true]
    changes.observe(document.body, { childList, subtree, attributeFilter: ['disabled', 'data-pane'] })
  })
  addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget !== null) return
    // What goes away loses it, too, and is seen to above.
    queueMicrotask(() => {
      if (target === last && last !== undefined && isUsable(last) && document.activeElement !== last)
        last = undefined
    })
  })
}

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled')
}

function isSeen(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true })
}

/** Where something was that is not there any more: each removal says what stood before it. */
function placeOf(lost: Element, records: readonly MutationRecord[]): Element | null {
  let at: Node = lost
  while (!at.isConnected) {
    const gone: Node = at
    const removal = records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(gone)))
    if (removal === undefined) return null
    const { previousSibling, target } = removal
    at = previousSibling instanceof Element && previousSibling.matches(PARTS) ? previousSibling : target
  }
  return (at instanceof Element ? at : at.parentElement)?.closest(PARTS) ?? null
}

/** Where a part is not shown, as in a narrow window, that is shown in its place. */
function focusOn(place: Element | null): void {
  const others = ['main > section', 'main'].flatMap((which) => [...document.querySelectorAll(which)])
  const part = [place, ...others].find((one) => one !== null && isSeen(one))
  const goal = part?.querySelector<HTMLElement>(':scope > h2, :scope > h3') ?? part
  if (!(goal instanceof HTMLElement)) return
  if (!goal.hasAttribute('tabindex')) goal.tabIndex = -1
  goal.focus({ preventScroll: true })
}
