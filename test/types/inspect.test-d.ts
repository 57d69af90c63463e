import { createSupervisor, type Inspector } from 'tardigrade'
import { type Redact, type StatelyInspector, statelyInspector, xstate4Inspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { expectTypeOf, test } from 'vitest'

test('an inspector goes where a supervisor takes one', () => {
  expectTypeOf(statelyInspector()).resolves.toEqualTypeOf<StatelyInspector>()
  expectTypeOf<StatelyInspector['inspect']>().toEqualTypeOf<Inspector>()
  void createSupervisor({ store: memoryStore(), inspect: {} as StatelyInspector['inspect'] })
  // One that is told of the event alone.
  void createSupervisor({ store: memoryStore(), inspect: (event) => void event.rootId })
  void createSupervisor({
    store: memoryStore(),
    inspect: (_, { key, part }) => void [key, part === 'machine'],
  })
})

test('each way has its own options', () => {
  void statelyInspector({ way: 'websocket', url: 'ws://localhost:8080' })
  void statelyInspector({ way: 'server', port: 1, autoOpen: true, label: 'worker' })
  void statelyInspector({ way: 'browser', only: ({ key, definition }) => key === definition })
  // @ts-expect-error a WebSocket listens nowhere
  void statelyInspector({ way: 'websocket', port: 1 })
  // @ts-expect-error an iframe is in a browser
  void statelyInspector({ way: 'server', iframe: {} })
  void statelyInspector({ port: 8124, autoOpen: true })
  void statelyInspector({ iframe: { contentWindow: null, addEventListener() {}, setAttribute() {} } })
  // @ts-expect-error no such way
  void statelyInspector({ way: 'pigeon' })
})

test('secrets are named, or judged by a function', () => {
  expectTypeOf(['password', /token/]).toExtend<Redact>()
  void statelyInspector({ redact: (value, path) => (path.at(-1) === 'pin' ? '…' : value) })
  // @ts-expect-error one name is a list of one
  void statelyInspector({ redact: 'password' })
})

test('the inspector of XState 4 takes what its way knows, and tells of events with their service', () => {
  void xstate4Inspector({ port: 0, allowOrigins: [], redact: ['password'] })
  void xstate4Inspector({ way: 'browser', url: 'https://viz.example' })
  // @ts-expect-error a page has no port
  void xstate4Inspector({ way: 'browser', url: 'https://viz.example', port: 1 })
  // @ts-expect-error it is opened somewhere
  void xstate4Inspector({ way: 'browser' })
  void xstate4Inspector({
    onEvent: (event, of) => {
      expectTypeOf(event.type).toEqualTypeOf<string>()
      expectTypeOf(of.key).toEqualTypeOf<string>()
    },
  })
})
