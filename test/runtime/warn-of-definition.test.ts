import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createMachine } from 'xstate'
import type { TardigradeError } from '../../src/errors/base.js'

/** Works, but for what a crash cuts off. */
const inline = () =>
  defineService({ id: 'inline', version: 1, machine: createMachine({ id: 'inline', entry: () => {} }) })

async function supervised(options: Partial<Parameters<typeof createSupervisor>[0]> = {}) {
  const warnings: TardigradeError[] = []
  const onWarning = (warning: TardigradeError) => void warnings.push(warning)
  const supervisor = await createSupervisor({ store: memoryStore(), onWarning, ...options })
  return { supervisor, warnings }
}

afterEach(() => vi.restoreAllMocks())

describe('what preflight warns of', () => {
  test('is told when a service of the definition is started, once in a process', async () => {
    const definition = inline()
    const { supervisor, warnings } = await supervised()
    expect(warnings).toEqual([])
    await supervisor.start(definition)
    await supervisor.start(definition, { key: 'another' })
    await supervisor.close()
    expect(warnings).toMatchObject([
      { code: 'DEFINITION_WARNINGS', service: 'inline', findings: definition.warnings },
    ])
    expect(warnings[0]?.message).toMatch(
      /^The service inline works, but:\n {2}entry: An action written in place works/,
    )
    const other = await supervised()
    await other.supervisor.start(definition)
    await other.supervisor.close()
    expect(other.warnings).toEqual([])
  })

  test('is told of definitions that are given beforehand', async () => {
    const { supervisor, warnings } = await supervised({ definitions: [inline()] })
    await supervisor.close()
    expect(warnings).toMatchObject([{ code: 'DEFINITION_WARNINGS' }])
  })

  test('goes to the console where nobody else hears of it', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const supervisor = await createSupervisor({ store: memoryStore(), definitions: [inline()] })
    await supervisor.close()
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('Name it in setup({ actions })'))
  })
})
