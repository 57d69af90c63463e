import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from './child.js'
import { Random } from './random.js'

/** What became of events, timers and effects when their process was killed again and again. */
export interface OwedReport {
  readonly kills: number
  readonly events: number
  /** Events that were acknowledged while the service was paused. */
  readonly intoInbox: number
  /** Effects that ran again after a crash, under the same key. */
  readonly repeatedEffects: number
  readonly violations: readonly string[]
}

const PROGRAM = 'test/crash/fixture.js'
const MOST_EVENTS_PER_LIFE = 6

/**
 * Sends events to a service whose process is killed with SIGKILL at random instants. What was not acknowledged
 * is sent again under its old key, and so is now and then what was.
 */
export async function killOwed(options: {
  readonly kills: number
  readonly seed: number
  readonly folder: string
}): Promise<OwedReport> {
  mkdirSync(options.folder, { recursive: true })
  const random = new Random(options.seed)
  const effects = join(options.folder, 'effects.txt')
  const start = () => new Child(PROGRAM, [join(options.folder, 'store'), effects])
  const violations: string[] = []
  let unsure: number[] = []
  let sent = 0
  let intoInbox = 0
  let kills = 0
  for (; kills < options.kills && violations.length === 0; kills++) {
    const child = start()
    const fresh = Array.from({ length: random.below(MOST_EVENTS_PER_LIFE + 1) }, () => ++sent)
    const before = sent - fresh.length
    const known = Array.from(
      { length: before && random.below(3) },
      () => before - random.below(Math.min(before, 20)),
    )
    const life = new Life(child, [...unsure, ...fresh], known, random)
    child.onLine((line) => life.hear(line))
    await randomInstant(child, life, random)
    child.kill('SIGKILL')
    const { signal, code } = await child.exited
    if (signal !== 'SIGKILL') violations.push(`it ended by itself (${code}): ${child.errors}`)
    appendFileSync(
      join(options.folder, 'transcript.txt'),
      `life ${kills + 1}\n${life.transcript.join('\n')}\n`,
    )
    unsure = [...life.unsure]
    intoInbox += life.intoInbox
  }
  const last = start()
  const ready = last.says('ready')
  await ready
  for (const n of unsure) last.tell(`send ${n}`)
  last.tell('resume')
  await last.says('resume done')
  last.tell('settle')
  const settled = await last.says('settled')
  last.kill('SIGKILL')
  await last.exited
  const judged = judge(settled.slice('settled '.length), readFileSync(effects, 'utf8'), sent)
  violations.push(...judged.violations)
  return { kills, events: sent, intoInbox, repeatedEffects: judged.repeated, violations }
}

/** One life of the fixture: what it is told when it is ready, and what it acknowledges. */
class Life {
  readonly unsure: Set<number>
  intoInbox = 0
  /** Lines that it will print: that it is ready, and every acknowledgement. */
  readonly expected: number
  /** What was told and heard, for whoever looks into a violation. */
  readonly transcript: string[] = []
  #paused = false
  readonly #switchAt: number

  constructor(
    private readonly child: Child,
    events: readonly number[],
    private readonly known: readonly number[],
    random: Random,
  ) {
    this.unsure = new Set(events)
    this.#switchAt = random.below(10)
    this.expected = 1 + events.length + known.length + (this.#switchAt < events.length + known.length ? 1 : 0)
  }

  hear(line: string): void {
    this.transcript.push(`  ${line}`)
    const [command, n] = line.split(' ')
    if (command === 'ready') this.#command(n === 'paused')
    if (command === 'pause') this.#paused = true
    if (command === 'resume') this.#paused = false
    if (command !== 'send') return
    if (this.unsure.delete(Number(n)) && this.#paused) this.intoInbox++
  }

  /** Everything at once: the service must cope with what overlaps. */
  #command(paused: boolean): void {
    this.#paused = paused
    for (const [index, n] of [...this.unsure, ...this.known].entries()) {
      if (index === this.#switchAt) this.#tell(paused ? 'resume' : 'pause')
      this.#tell(`send ${n}`)
    }
  }

  #tell(line: string): void {
    this.transcript.push(line)
    this.child.tell(line)
  }
}

async function randomInstant(child: Child, life: Life, random: Random): Promise<void> {
  const lines = random.below(life.expected + 2)
  await child.prints(Math.min(lines, life.expected))
  const pauseMs = random.next() * 250
  // The injected fault itself is a matter of time; nothing is asserted about it.
  await Promise.race([child.exited, new Promise((resolve) => setTimeout(resolve, pauseMs))])
}

function judge(state: string, effects: string, sent: number) {
  const violations: string[] = []
  // Written by the fixture.
  const { taken, due } = JSON.parse(state) as { taken: number[]; due: number[] }
  const all = Array.from({ length: sent }, (_, index) => index + 1)
  const keys = new Map<string, string>()
  const effectOf = new Map<string, string>()
  let lines = 0
  for (const line of effects.split('\n').filter((text) => text !== '')) {
    const [key = '', ...what] = line.split(' ')
    const effect = what.join(' ')
    lines++
    if ((keys.get(effect) ?? key) !== key) violations.push(`${effect} ran under two keys`)
    if ((effectOf.get(key) ?? effect) !== effect) violations.push(`the key ${key} has two effects`)
    keys.set(effect, key)
    effectOf.set(key, effect)
  }
  for (const n of all) {
    const count = (list: readonly number[]) => list.filter((other) => other === n).length
    if (count(taken) !== 1) violations.push(`event ${n} was applied ${count(taken)} times`)
    if (count(due) !== 1) violations.push(`timer ${n} fired ${count(due)} times`)
    for (const type of ['ADD', 'LATER', 'DUE']) {
      if (!keys.has(`${type} ${n}`)) violations.push(`the effect ${type} ${n} never ran`)
    }
  }
  return { violations, repeated: lines - keys.size }
}
