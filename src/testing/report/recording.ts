import { readJson } from '../../checkpoint/json.js'
import { HIDE_NOTHING } from '../../inspect/redact.js'
import type { Entry } from '../../inspect/stream/entry.js'
import { type Chapter, Journal } from '../../inspect/stream/journal.js'
import { JournalSink } from '../../inspect/stream/journal-sink.js'
import { PROTOCOL_VERSION, type ServerMessage } from '../../inspect/stream/message.js'
import { Recorder } from '../../inspect/stream/recorder.js'
import type { CounterexampleStep, Trace } from '../../inspect/stream/trace.js'
import type { Clock } from '../../ports/clock.js'
import type { Inspection } from '../../runtime/inspection.js'
import { runPlan } from '../plans/difference.js'
import { pointInWords } from '../plans/points.js'
import { type Step, type TwinStep, twinStep } from '../plans/steps.js'
import { type Plan, tokenOf } from '../plans/token.js'
import { Twins, upgrades } from '../plans/twins.js'
import { stepInWords, twinStepInWords } from '../plans/words.js'
import { undisturbed } from '../world/perform.js'
import { followingClock } from '../world/policies.js'
import { World, type WorldOptions } from '../world/world.js'

const INTERRUPTED = 'interrupted'
const TWIN = 'twin'

/** Runs a plan and its twin, each inspected as a process would be, and gives both as a trace with the steps of the plan. */
export async function recorded(options: WorldOptions, plan: Plan): Promise<Trace> {
  const { definition } = options.standIn
  const twins = new Twins(options)
  const journal = new Journal(Number.POSITIVE_INFINITY)
  const interrupted = new WorldRecorder(INTERRUPTED, journal)
  const twin = new WorldRecorder(TWIN, journal)
  const at: string[] = []
  const { difference, took, pointAt } = await runPlan(
    { ...options, inspection: interrupted.inspection },
    twins,
    plan,
    // Each step is told before it is taken.
    (from, to) => void (from === 'you' && to === 'you' && at.push(interrupted.at)),
  )
  at.push(interrupted.at)
  const steps = plan.steps.slice(0, difference?.step)
  const twinSteps = steps.map((step) =>
    twinStep(step, plan.point === undefined && twins.renews, twins.resumes),
  )
  const twinOptions = plan.point === undefined ? options : followingClock(options)
  const twinAt = await twinMoments({ ...twinOptions, inspection: twin.inspection }, twin, twinSteps)
  const told = (step: Step | undefined, index: number): CounterexampleStep => {
    const twinDoes = twinSteps[index - 1]
    const point = plan.point !== undefined && pointAt === index ? [pointInWords(plan.point)] : []
    return {
      told: [step === undefined ? 'the beginning' : stepInWords(step), ...point].join('; with that: '),
      ...(twinDoes !== undefined && { twinTold: twinStepInWords(twinDoes) }),
      interrupts: took[index - 1] === true || point.length > 0,
      at: at[index] ?? '',
      twinAt: twinAt[index] ?? '',
    }
  }
  return {
    tardigradeTrace: 1,
    messages: [
      { type: 'hello', version: PROTOCOL_VERSION, pid: 0, control: false },
      ...messagesOf(journal),
      {
        type: 'counterexample',
        service: definition.id,
        token: tokenOf(definition.id, plan, definition),
        ...(difference !== undefined && { difference: difference.told }),
        interrupted: INTERRUPTED,
        twin: TWIN,
        steps: [undefined, ...steps].map(told),
      },
    ],
  }
}

/** Where the twin is after the beginning and after each step. */
async function twinMoments(
  options: WorldOptions,
  recorder: WorldRecorder,
  steps: readonly (TwinStep | undefined)[],
): Promise<readonly string[]> {
  const world = new World(options, upgrades(steps))
  await world.begin()
  await world.fireDue()
  const moments = [recorder.at]
  for (const step of steps) {
    if (step !== undefined) await undisturbed(world, step)
    moments.push(recorder.at)
  }
  world.kill()
  return moments
}

/** Records the processes of a world, one after another, under a name of its own. */
class WorldRecorder {
  readonly #chapters: Chapter[] = []

  constructor(
    private readonly name: string,
    private readonly journal: Journal,
  ) {}

  /** The newest moment. */
  get at(): string {
    const chapter = this.#chapters.findLast(({ next }) => next > 1)
    return chapter === undefined ? '' : `${chapter.facts.incarnation}:${chapter.next - 1}`
  }

  readonly inspection = (clock: Clock): Inspection => {
    const pid = this.#chapters.length + 1
    const incarnation = `${this.name}-${String(pid).padStart(4, '0')}`
    const facts = { incarnation, pid, startedAtMs: clock.now() }
    // The last one is shown as one that lives.
    for (const earlier of this.#chapters) earlier.live = false
    const sink = new JournalSink(this.journal, facts, Number.POSITIVE_INFINITY, undefined)
    const chapter = this.journal.chapterOf(incarnation)
    if (chapter !== undefined) this.#chapters.push(chapter)
    const recorder = new Recorder(sink, HIDE_NOTHING, clock, () => {})
    let ended = false
    return {
      // In both worlds the service has the same key, which is part of its effects’ keys.
      inspect: (event, of) => void (ended || recorder.inspect(event, { ...of, key: this.name })),
      observe: (fact, of) => void (ended || recorder.observe(fact, { ...of, key: this.name })),
      address: undefined,
      begin: async () => {},
      close: async () => {
        if (ended) return
        ended = true
        recorder.flush()
      },
    }
  }
}

function entriesIn(lines: Uint8Array): Entry[] {
  const texts = new TextDecoder().decode(lines).split('\n').slice(0, -1)
  // They are the stream's own texts.
  return texts.map((text) => readJson(text) as Entry)
}

/** All that was recorded. */
function messagesOf({ chapters, charts }: Journal): readonly ServerMessage[] {
  // They are the stream's own texts.
  const parsed = (text: string) => readJson(text) as ServerMessage
  return [
    ...[...charts.values()].map(parsed),
    ...chapters.flatMap(({ message, facts: { incarnation }, segments }): readonly ServerMessage[] => [
      parsed(message),
      ...segments.flatMap(({ base, entries }): readonly ServerMessage[] => [
        ...base.map(parsed),
        { type: 'entries', incarnation, entries: entriesIn(entries.linesFrom(0)) },
      ]),
    ]),
  ]
}
