/** What items of two lists are compared by. */
export interface Looks<Item> {
  /** What is the same thing at both moments, where that is told of it. */
  readonly identityOf: (item: Item) => string | undefined
  readonly nameOf: (item: Item) => string
  /** `partner`: the same in the other list, where that has it, too. */
  readonly tell: (item: Item, of: 'before' | 'after', partner: Item | undefined) => unknown
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Two lists as fields: what is the same thing has the same name in both, and nothing else has that name. What does not tell which one it is
 * goes by its name, in order.
 */
export function sideBySide<Item>(
  before: readonly Item[],
  after: readonly Item[],
  looks: Looks<Item>,
): readonly [Fields, Fields] {
  const { nameOf, tell } = looks
  const partners = partnersOf(before, after, looks)
  const found = new Set(partners.values())
  const taken = new Set<string>()
  const [was, is]: [string, unknown][][] = [[], []]
  for (const item of before) {
    const name = unused(nameOf(item), taken)
    const partner = partners.get(item)
    was?.push([name, tell(item, 'before', partner)])
    if (partner !== undefined) is?.push([name, tell(partner, 'after', item)])
  }
  for (const item of after)
    if (!found.has(item)) is?.push([unused(nameOf(item), taken), tell(item, 'after', undefined)])
  return [Object.fromEntries(was ?? []), Object.fromEntries(is ?? [])]
}

function partnersOf<Item>(
  before: readonly Item[],
  after: readonly Item[],
  { identityOf, nameOf }: Looks<Item>,
): ReadonlyMap<Item, Item> {
  const partners = new Map<Item, Item>()
  const left = new Set(after)
  const pair = (isSame: (a: Item, b: Item) => boolean) => {
    for (const item of before) {
      const partner = partners.has(item) ? undefined : [...left].find((other) => isSame(item, other))
      if (partner === undefined) continue
      partners.set(item, partner)
      left.delete(partner)
    }
  }
  const isTold = (item: Item) => identityOf(item) !== undefined
  pair((a, b) => isTold(a) && identityOf(a) === identityOf(b))
  pair((a, b) => !(isTold(a) && isTold(b)) && nameOf(a) === nameOf(b))
  return partners
}

/** The name, or with a number where there is one of that name already. */
function unused(name: string, taken: Set<string>): string {
  let own = name
  for (let at = 2; taken.has(own); at++) own = `${name} (${at})`
  taken.add(own)
  return own
}
