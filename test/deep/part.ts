/** How much of a part is run. */
export interface Effort {
  /** Repeats what is chosen by chance. */
  readonly seed: number
  /** Whether to go on, after so many cases. */
  goOn(cases: number): boolean
}

/** One line of the page. */
export interface Figure {
  readonly what: string
  readonly reached: number
  /** What a run of ten minutes is to reach; without one, the figure is for information. */
  readonly goal?: number
  /** A total that it counts in. */
  readonly countsAs?: keyof typeof TOTALS
}

/** Figures that several parts reach together, with their goals. */
export const TOTALS = {
  'crash points, all protocols': 200_000,
} as const

/** What a part has found. */
export interface PartReport {
  /** Those of its cases come first. */
  readonly figures: readonly Figure[]
  /** What must never be, in words, with what repeats it. */
  readonly violations: readonly string[]
  /** Why this machine does not allow the part, which has done nothing. */
  readonly impossible?: string
}

/** One way of proving the library. */
export interface Part {
  readonly name: string
  /** Of the time of a deep run, the weight of this part among those of its lane. */
  readonly weight: number
  run(effort: Effort): Promise<PartReport>
}

/** Enough to see what is wrong. */
export const MOST_VIOLATIONS = 5

/** So many cases, and no more: the quick share. */
export function cases(limit: number, seed: number): Effort {
  return { seed, goOn: (done) => done < limit }
}

/** Cases until the time is up. */
export function minutes(length: number, seed: number): Effort {
  const endMs = performance.now() + length * 60_000
  return { seed, goOn: () => performance.now() < endMs }
}

/** The figures of several reports of one part, added up. */
export function together(reports: readonly PartReport[]): PartReport {
  const figures = new Map<string, Figure>()
  for (const figure of reports.flatMap((report) => report.figures)) {
    const before = figures.get(figure.what)
    figures.set(figure.what, { ...figure, reached: figure.reached + (before?.reached ?? 0) })
  }
  const violations = reports.flatMap((report) => report.violations)
  const impossible = reports.map((report) => report.impossible)
  const [why] = impossible
  return {
    figures: [...figures.values()],
    violations,
    ...(why !== undefined && !impossible.includes(undefined) && { impossible: why }),
  }
}
