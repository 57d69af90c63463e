import { FATES, type Hunted } from './fate.js'
import type { Mutant } from './mutant.js'
import { runTests } from './try.js'
import { Workspace } from './workspace.js'

export interface HuntOptions {
  /** The project's folder. */
  readonly root: string
  /** How many copies are worked on at once. */
  readonly jobs: number
  /** Asked before each mutant: those that come too late are not tried. */
  readonly goOn?: () => boolean
  readonly tell?: (hunted: Hunted) => void
}

/**
 * Plants each mutant by itself in a throw-away copy and runs the test that must kill it.
 * @throws {Error} the tests fail without any mutant, so that their failing would prove nothing
 */
export async function hunt(mutants: readonly Mutant[], options: HuntOptions): Promise<readonly Hunted[]> {
  const { root, jobs, goOn = () => true, tell } = options
  const workspaces = Array.from(
    { length: Math.max(1, Math.min(jobs, mutants.length)) },
    () => new Workspace(root),
  )
  try {
    const sound = await runTests(
      workspaces[0]?.folder ?? root,
      mutants.map(({ killedBy }) => killedBy),
    )
    if (sound !== 'passed') throw new Error(`Without any mutant, the tests that are to kill them: ${sound}.`)
    const left = [...mutants]
    const hunted: Hunted[] = []
    await Promise.all(
      workspaces.map(async (workspace) => {
        for (let mutant = left.shift(); mutant !== undefined && goOn(); mutant = left.shift()) {
          const result = await huntOne(workspace, mutant)
          hunted.push(result)
          tell?.(result)
        }
      }),
    )
    return hunted
  } finally {
    for (const workspace of workspaces) workspace.remove()
  }
}

async function huntOne(workspace: Workspace, mutant: Mutant): Promise<Hunted> {
  let takeOut: () => void
  try {
    takeOut = workspace.plant(mutant)
  } catch (error) {
    return { mutant, fate: 'misfit', why: String(error) }
  }
  try {
    const verdict = await runTests(workspace.folder, [mutant.killedBy])
    return { mutant, fate: FATES[verdict], why: `the test ${verdict}` }
  } finally {
    takeOut()
  }
}
