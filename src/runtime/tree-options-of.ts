import { EffectFailedError } from '../errors/service.js'
import type { TreeOptions } from '../xstate/tree-options.js'
import type { EngineListener, EngineOptions } from './engine-types.js'
import { treeFailure } from './failures.js'
import { inspectorOf } from './inspector-of.js'
import type { Intake } from './intake.js'
import type { Records } from './records.js'
import { timerPolicy } from './timer-policy.js'

/** What an engine itself hears of its tree. */
export type Turns = Pick<TreeOptions, 'durable' | 'onTurn' | 'onSettled'>

/** What a service's tree needs, and whom it tells: the engine of its turns, the listener of the rest. */
export function treeOptionsOf(
  { definition, key, clock, codec, inspect, observe }: EngineOptions,
  records: Records,
  intake: Intake,
  listener: EngineListener,
  engine: Turns,
): TreeOptions {
  const facts = { service: definition.id, key }
  // Written out: what is spread gets a hidden class of its own, for each of very many services.
  return {
    durable: engine.durable,
    onTurn: engine.onTurn,
    onSettled: engine.onSettled,
    machine: definition.machine,
    id: key,
    clock,
    policyOf: timerPolicy(definition),
    effectKey: records.effectKey,
    startKey: records.startKey,
    admit: (eventKey) => intake.admit(eventKey),
    decodeEnded: (text) => codec.decode(text).value,
    onError: (cause) => listener.failed(treeFailure(cause, facts, intake.applying?.entry)),
    onEffectError: (effect, cause) =>
      listener.failed(new EffectFailedError(effect.type, effect.key, { ...facts, cause })),
    onSnapshot: (snapshot) => listener.snapshot(snapshot),
    onEmitted: (event) => listener.emitted(event),
    onUnrunnable: (entry) => listener.unrunnable(entry),
    inspect: observe ? undefined : inspectorOf(inspect, { definition: definition.id, key, part: 'machine' }),
    observe,
  }
}
