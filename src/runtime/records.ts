import { brief, type Changes, identityHead } from '../checkpoint/brief.js'
import type { FailureRecord } from '../checkpoint/record.js'
import { seal } from '../checkpoint/seal.js'
import type { CommitRequest } from '../ports/store.js'
import type { Tree } from '../xstate/tree.js'
import { identityOf, requestOf } from './compose.js'
import type { EngineListener, EngineOptions } from './engine-types.js'
import type { Intake } from './intake.js'
import type { ReadCheckpoint } from './read.js'
import { Rest } from './rest.js'

/** Makes the checkpoints of one service, of its running tree or of the one in which it rests, and gives effects their keys. */
export class Records {
  readonly rest: Rest
  /** Whether the stored phase is another than `running`. */
  rested = false
  /** Whether timers are due at other times than the stored checkpoint says, as those that stood still while nobody ran are. */
  timersMoved = false
  /** Noted in the next checkpoint. */
  failure: FailureRecord | undefined
  /** Sequences may come again, after a removal or a step back; their effects' keys must not. */
  #incarnation = ''
  /** What all checkpoints of this incarnation begin with, once one was written. */
  #head: string | undefined
  /** The incarnation of the checkpoint that the tree was revived from. */
  #storedIncarnation = ''
  /** The capture that is on its way to the store. */
  #captured: { readonly tree: Tree | undefined; readonly atRest: boolean; readonly text: string } | undefined

  constructor(
    private readonly options: EngineOptions,
    private readonly intake: Intake,
    private readonly listener: Pick<EngineListener, 'standing' | 'runs'>,
  ) {
    this.rest = new Rest(options.definition, options.key, options.codec)
  }

  /** A first life begins. */
  begin(): void {
    const incarnation = this.options.incarnations.begin(this.options.key)
    this.#live(incarnation, incarnation)
    this.rest.replace(undefined)
    this.rested = false
    this.timersMoved = false
  }

  /** A life begins from a checkpoint; `slept` where it had only been out of memory. */
  goOn({ record }: ReadCheckpoint, text: string, slept: boolean): void {
    const { clock, incarnations } = this.options
    this.#live(incarnations.goOn(record), record.incarnation)
    this.rest.begin(text, slept ? clock.now() : undefined)
    this.rested = record.phase !== 'running'
    this.timersMoved = !slept && record.timers.some(({ policy }) => policy !== 'deadline')
  }

  /** Key of the effect with this index in the checkpoint with this sequence. */
  readonly effectKey = (sequence: number, index: number) => this.#key(this.#incarnation, sequence, index)

  /** Key of outside work that is in the checkpoint without one: the same at every revival. */
  readonly startKey = (index: number) => this.#key(this.#storedIncarnation, 0, index)

  capture(tree: Tree | undefined, sequence: number): CommitRequest {
    const { definition, key, codec, clock, claim } = this.options
    // A tree that was revived and not started is what it was revived from.
    const atRest = tree?.started !== true
    const state = atRest ? this.rest.record : tree.capture(sequence)
    if (!atRest) this.intake.captured()
    const { phase, holds } = this.listener.standing()
    const changes: Changes = {
      sequence,
      epoch: claim.epoch,
      savedAtMs: clock.now(),
      phase: tree?.status === 'done' ? 'done' : this.failure === undefined ? phase : 'failed',
      holds,
      inbox: this.intake.inbox.entries(),
      eventKeys: this.intake.keys.list(),
      failure: this.failure,
      root: state.root,
      timers: state.timers,
      outbox: state.outbox,
    }
    this.#head ??= identityHead(identityOf(definition, key, this.#incarnation))
    const text = seal(codec.encode(brief(changes), atRest ? undefined : tree.root, this.#head))
    this.#captured = { tree, atRest, text }
    return requestOf(definition, key, changes, text)
  }

  /** The capture is durable. Returns the tree that was captured. */
  becameDurable(tree: Tree | undefined): Tree | undefined {
    const captured = this.#captured
    this.#captured = undefined
    this.rested = this.listener.standing().phase !== 'running'
    const needed = tree?.started !== true || this.rested || !this.listener.runs()
    if (captured?.atRest) this.rest.wrote(captured.text)
    else this.rest.replace(needed ? captured?.text : undefined)
    return captured?.tree
  }

  #live(incarnation: string, stored: string): void {
    this.#incarnation = incarnation
    this.#storedIncarnation = stored
    this.#head = undefined
  }

  #key(incarnation: string, sequence: number, index: number): string {
    const { definition, key } = this.options
    return `${definition.id}/${key}/${incarnation}/${sequence}/${index}`
  }
}
