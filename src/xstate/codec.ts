import { Actor } from 'xstate'
import { type Codec, type CustomType, createCodec } from '../checkpoint/codec/codec.js'
import type { ActorPath } from '../checkpoint/record.js'
import { UndecodableError } from '../errors/codec.js'
import { UncapturableError } from '../errors/service.js'
import type { ServiceDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'
import { type InternalActor, type InternalMachineSnapshot, isMachineSnapshot } from './internals.js'
import { isInTree, pathOf, rootOf } from './paths.js'

/** Stands in decoded data for an actor, until the actors live again. */
export class ActorReference {
  constructor(
    readonly path: ActorPath,
    /** An actor that had ended when the reference was kept: its id and what it had last persisted. */
    readonly ended?: { readonly id: string; readonly snapshot: string },
  ) {}
}

/** Encodes checkpoints with the actors of one tree in them, and decodes them to references. */
export interface TreeCodec {
  /** `head`: as `Codec.encode` takes it. */
  encode(value: unknown, root: InternalActor | undefined, head?: string): string
  /** Throws what `encode` would, without making the text. `below`: as `Codec.check` takes it. */
  check(value: unknown, root: InternalActor | undefined, below?: number): void
  decode(text: string): { readonly value: unknown; readonly references: number }
}

/**
 * Actor references are kept in superjson's annotations, beside the data: no data of the user's, whatever
 * its shape, can be taken for one.
 */
export function createTreeCodec(definition: ServiceDefinition): TreeCodec {
  let root: InternalActor | undefined
  let references = 0
  let nesting = 0

  const ended = (actor: InternalActor) => {
    // A reference inside an ended actor's own snapshot keeps its id alone, so that this comes to an end.
    if (nesting > 0) return { id: actor.id, snapshot: '' }
    nesting++
    try {
      return { id: actor.id, snapshot: codec.encode(plainSnapshot(actor)) }
    } finally {
      nesting--
    }
  }

  const actors: CustomType = {
    name: 'actor',
    applies: (value) => value instanceof Actor || value instanceof ActorReference,
    encode: (value) => {
      if (value instanceof ActorReference)
        return value.ended === undefined ? { path: value.path } : { ...value }
      // `applies` leaves nothing else.
      const actor = value as InternalActor
      if (root === undefined || rootOf(actor) !== root) {
        throw new UncapturableError(
          `The reference to actor ${actor.id}`,
          'it belongs to another actor system',
          'Keep the key of that service, and ask the supervisor for it.',
          { service: definition.id },
        )
      }
      const path = pathOf(actor)
      return isInTree(actor) ? { path } : { path, ended: ended(actor) }
    },
    decode: (json) => {
      references++
      if (!isReference(json)) throw new UndecodableError('an annotated actor is no reference to one')
      return new ActorReference(json.path, json.ended)
    },
  }

  /** An event of `onSnapshot` holds a machine's whole snapshot: its data is kept, its machine is not. */
  const snapshots: CustomType = {
    name: 'snapshot',
    plain: true,
    applies: (value) =>
      '_nodes' in value && 'machine' in value && 'children' in value && isMachine(value.machine),
    // `applies` has seen the three fields, and a machine in one.
    encode: (value) => ({
      text: codec.encode(plainMachineSnapshot(value as unknown as InternalMachineSnapshot)),
    }),
    // Written by `encode` above; of another shape, decoding a text that is none says so.
    decode: (json) => codec.decode(String((json as { text?: unknown }).text)),
  }

  const codec: Codec = createCodec({
    classes: definition.classes,
    allow: definition.allow,
    customs: [actors, snapshots],
  })

  const within = <T>(of: InternalActor | undefined, run: () => T): T => {
    root = of
    try {
      return run()
    } finally {
      root = undefined
    }
  }

  return {
    encode: (value, of, head) => within(of, () => codec.encode(value, head)),
    check: (value, of, below) => within(of, () => codec.check(value, below)),
    decode(text) {
      references = 0
      const value = codec.decode(text)
      return { value, references }
    },
  }
}

function isReference(json: unknown): json is Pick<ActorReference, 'path' | 'ended'> {
  if (typeof json !== 'object' || json === null || !('path' in json) || !Array.isArray(json.path))
    return false
  if (!json.path.every((id) => typeof id === 'string')) return false
  const ended = 'ended' in json ? json.ended : undefined
  if (ended === undefined) return true
  if (typeof ended !== 'object' || ended === null || !('id' in ended) || !('snapshot' in ended)) return false
  return typeof ended.id === 'string' && typeof ended.snapshot === 'string'
}

function plainSnapshot(actor: InternalActor): object {
  const snapshot = actor.getSnapshot()
  return isMachineSnapshot(snapshot)
    ? plainMachineSnapshot(snapshot)
    : actor.logic.getPersistedSnapshot(snapshot)
}

function plainMachineSnapshot(snapshot: InternalMachineSnapshot): object {
  const { status, value, context, output, error, tags } = snapshot
  return { status, value, context, output, error, tags: [...tags] }
}
