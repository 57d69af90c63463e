/** Memory as the control group of this process has it. */
export interface MemoryFigures {
  /** What it uses, without what the kernel could drop at once (files that were read and are not read again). */
  readonly usedBytes: number
  /** Where the kernel begins to take memory back, or to kill; Infinity without a limit. */
  readonly limitBytes: number
  /** How often memory was refused, since the group began. */
  readonly refusals: number
  /** The share of the last 10 s in which something waited for memory, in %. */
  readonly waitingPercent: number
}

type Read = (path: string) => string | undefined

/** A version of control groups (https://docs.kernel.org/admin-guide/cgroup-v2.html): where it lies, and what it calls its figures. */
interface Version {
  readonly root: string
  readonly line: RegExp
  readonly used: string
  readonly limits: readonly string[]
  readonly droppable: RegExp
  readonly refusals: { readonly file: string; readonly count: RegExp }
}

const VERSIONS: readonly Version[] = [
  {
    root: '/sys/fs/cgroup',
    line: /^0::(.*)$/m,
    used: 'memory.current',
    limits: ['memory.high', 'memory.max'],
    droppable: /^inactive_file (\d+)$/m,
    refusals: { file: 'memory.events', count: /^oom (\d+)$/m },
  },
  {
    root: '/sys/fs/cgroup/memory',
    line: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m,
    used: 'memory.usage_in_bytes',
    limits: ['memory.limit_in_bytes'],
    droppable: /^total_inactive_file (\d+)$/m,
    refusals: { file: 'memory.oom_control', count: /^oom_kill (\d+)$/m },
  },
]

/** What the control group of this process says of its memory; undefined where there is none. */
export function memoryFigures(read: Read): MemoryFigures | undefined {
  const groups = read('/proc/self/cgroup') ?? ''
  for (const version of VERSIONS) {
    const path = version.line.exec(groups)?.[1]
    if (path === undefined) continue
    // Inside a container its own group is the root; on a machine itself it lies below.
    for (const folder of [`${version.root}${path.replace(/\/$/, '')}`, version.root]) {
      const figures = figuresIn(folder, version, read)
      if (figures !== undefined) return figures
    }
  }
  return undefined
}

function figuresIn(folder: string, version: Version, read: Read): MemoryFigures | undefined {
  const used = read(`${folder}/${version.used}`)
  if (used === undefined) return undefined
  const count = (file: string, pattern: RegExp) =>
    Number(pattern.exec(read(`${folder}/${file}`) ?? '')?.[1] ?? 0)
  return {
    usedBytes: Math.max(0, Number(used) - count('memory.stat', version.droppable)),
    limitBytes: Math.min(...version.limits.map((file) => limitOf(read(`${folder}/${file}`)))),
    refusals: count(version.refusals.file, version.refusals.count),
    waitingPercent: count('memory.pressure', /^some avg10=([\d.]+)/m),
  }
}

/** `max` is no limit, and so is the greatest number that version 1 knows. */
function limitOf(text: string | undefined): number {
  const bytes = Number(text ?? Number.NaN)
  return Number.isSafeInteger(bytes) ? bytes : Number.POSITIVE_INFINITY
}
