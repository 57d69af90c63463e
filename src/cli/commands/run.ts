import { ServiceDeletedError } from '../../errors/cli.js'
import { MachineFailedError } from '../../errors/service.js'
import { findService } from '../../modules/find-service.js'
import { importModule } from '../../modules/import-module.js'
import type { InspectOptions } from '../../ports/inspector.js'
import type { CheckpointSummary } from '../../ports/store.js'
import type { Service } from '../../runtime/service.js'
import { advice } from '../advice.js'
import { parseJsonArgument } from '../arguments.js'
import { ended } from '../ended.js'
import { EXIT } from '../exit-codes.js'
import { tellFailure } from '../failure.js'
import { argument } from '../format.js'
import { tellNote } from '../note.js'
import type { Output } from '../output.js'
import { Report } from '../report.js'
import { openSession, type Session } from '../session.js'

/** Of a service that fails at its very beginning, without an input: it may be for the want of one. */
const INPUT = `If its machine takes an input, give it with --input, as in --input '{"from":"a.txt"}'.`

export interface RunOptions {
  readonly store: string
  readonly key?: string
  readonly input?: string
  readonly export?: string
  readonly retry?: boolean
  readonly lastGood?: boolean
  /** True, or the port of the page. */
  readonly inspect?: true | number
  readonly control?: boolean
}

/**
 * `tardigrade run MODULE`: starts a service, or goes on with the stored one, until it ends, is stopped or the
 * process is told to end. After a signal the host ends the process, with 128 plus the signal's number.
 *
 * @throws {ServiceDeletedError} another process deleted the service
 * @throws every error of the module, of `createSupervisor` and of the command line
 */
export async function run(output: Output, module: string, options: RunOptions): Promise<number> {
  const input =
    options.input === undefined
      ? undefined
      : parseJsonArgument('--input', options.input, `--input '{"from":"a.txt"}'`)
  const services = findService(module, await importModule(module), options.export)
  const session = await openSession(output, options.store, services.all, inspection(output, options))
  try {
    const key = options.key ?? services.chosen.id
    const earlier = await session.supervisor.stored(key)
    return await follow(output, session, options, earlier, () =>
      session.supervisor.start(services.chosen, {
        key,
        // What the machine takes as input is the author's to say; it reaches it as JSON.
        ...(input === undefined ? {} : { input: input as never }),
      }),
    )
  } finally {
    await session.close()
  }
}

function inspection(output: Output, { inspect, control }: RunOptions): InspectOptions | undefined {
  if (inspect === undefined) return undefined
  return {
    ...(inspect === true ? {} : { port: inspect }),
    control: control === true,
    onListening: (address) => tellNote(output, `Open ${address}`),
  }
}

/** What would surprise those who meant to begin anew. */
function tellEarlier(
  output: Output,
  { phase }: CheckpointSummary,
  service: Service,
  options: RunOptions,
): void {
  if (phase === 'done' && service.getSnapshot().value === 'done') {
    const room = `\`tardigrade rm ${argument(service.key)}\` makes room for a new one.`
    tellNote(output, advice(output, `It came to its end before, and nothing was run: ${room}`))
  } else if (options.input !== undefined) {
    tellNote(output, 'It goes on with the input of its first start; --input is not used.')
  }
}

async function follow(
  output: Output,
  session: Session,
  options: RunOptions,
  earlier: CheckpointSummary | undefined,
  start: () => ReturnType<Session['supervisor']['start']>,
): Promise<number> {
  const service = await start()
  if (earlier !== undefined) tellEarlier(output, earlier, service, options)
  if (options.retry === true || options.lastGood === true) {
    // What it fails with again is told below.
    await service.retry({ lastGood: options.lastGood === true }).catch(() => {})
  }
  const report = new Report(output, service, session.reader)
  try {
    report.begin(session.folder)
    const end = await Promise.race([ended(service), session.closed])
    if (end === 'closed' || end.state === 'done') return EXIT.done
    if (end.state === 'failed') {
      const { failure } = end
      const wanted =
        earlier === undefined && options.input === undefined && failure instanceof MachineFailedError
      tellFailure(output, failure, wanted ? INPUT : undefined)
      return EXIT.failed
    }
    // Whoever stopped it may have done so to delete it: that is done when the request is answered.
    await session.stopListening()
    if ((await session.reader.load(service.key)) !== undefined) return EXIT.done
    throw new ServiceDeletedError({ service: service.definition.id, key: service.key })
  } finally {
    report.end()
  }
}
