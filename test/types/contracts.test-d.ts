import { createSupervisor, type Host, type Store } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { type ContractReport, storeCases, verifyHost, verifyStore } from 'tardigrade/testing'
import { expectTypeOf, test } from 'vitest'

declare const store: Store
declare const host: Host

test('a store under test is a store, and how its lock is lost; the rest may be left out', () => {
  expectTypeOf(verifyStore(() => ({ store, loseLock() {} }))).resolves.toEqualTypeOf<ContractReport>()
  expectTypeOf(verifyStore).parameter(0).parameter(0).toEqualTypeOf<{ readonly keep: number }>()
  // @ts-expect-error nobody could take over from an owner that died
  void verifyStore(() => ({ store }))
  // @ts-expect-error a case has a name
  void verifyStore(() => ({ store, loseLock() {} }), { only: [1] })
  expectTypeOf(storeCases).toEqualTypeOf<readonly string[]>()
})

test('a host under test is a host, and how its platform is moved', () => {
  expectTypeOf(
    verifyHost(async () => ({ host }), { patienceMs: 10 }),
  ).resolves.toEqualTypeOf<ContractReport>()
  void verifyHost(() => ({ host, interruptions: { offline: { begin() {}, end() {} } }, deadlineMs: 1 }))
  // @ts-expect-error what begins must end
  void verifyHost(() => ({ host, interruptions: { offline: { begin() {} } } }))
})

test('chaos is on or off', () => {
  void createSupervisor({ store: memoryStore(), chaos: true })
  // @ts-expect-error it is no number of events
  void createSupervisor({ store: memoryStore(), chaos: 3 })
})
