// What Vitest's own `expect`, and what tests are written with, ask of an engine, and no app of this library: it comes after the platform.

class EventTargetOfNone {
  addEventListener(): void {}
  dispatchEvent(): void {}
}

class EventOfNone {}

Object.assign(globalThis, { EventTarget: EventTargetOfNone, Event: EventOfNone })
for (const name of ['dispose', 'asyncDispose'])
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) })
