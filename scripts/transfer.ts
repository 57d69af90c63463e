import { existsSync } from 'node:fs'
import { createSupervisor, FailedEarlierError, type Supervisor, SupervisorClosedError } from 'tardigrade'
import { serveControl } from 'tardigrade/control'
import { nodeHost } from 'tardigrade/hosts/node'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import transfer, { checkTransfer, progressOf, type TransferInput } from '../machines/transfer/index.js'
import { DEMO, makeFile } from './transfer-demo.js'
import { createDisplay, megabytes } from './transfer-display.js'
import { EXIT, exitOfError, exitOfProblem } from './transfer-exit.js'
import { commandOf, keyOf, readOptions, type TransferOptions } from './transfer-options.js'
import { outcomeOf, type TransferService } from './transfer-outcome.js'
import { refusal, sentence } from './transfer-refusal.js'

const options = readOptions(process.argv.slice(2))
const display = createDisplay()

try {
  const input = await inputOf(options)
  const problem = await checkTransfer(input)
  if (problem !== undefined) {
    console.error(refusal(problem))
    process.exit(problem.kind === 'refused' ? EXIT.usage : exitOfProblem(problem.kind))
  }
  const key = keyOf(options)
  await using supervisor = await createSupervisor({
    store: sqliteStore(options.store),
    host: nodeHost(),
    inspect: { control: options.control, onListening: (address) => display.say(`Watch it: ${address}`) },
    // It is told below, with an exit code.
    onFailed: () => {},
  })
  const stopControl = await serveControl(supervisor, options.store, { keepAlive: true })
  try {
    const service = await start(supervisor, key, input)
    const { code, lines } = await outcomeOf(service, display, commandOf(options))
    for (const line of lines) display.say(line)
    process.exitCode = code
  } finally {
    await stopControl()
  }
} catch (error) {
  display.close()
  // A signal that came during the start has closed it, and ends the process with its own code.
  if (!(error instanceof SupervisorClosedError)) {
    console.error(sentence(error, options.store))
    process.exitCode = exitOfError(error)
  }
}

async function inputOf({
  files,
  chunkSize,
  bytesPerSecond,
  journal,
}: TransferOptions): Promise<TransferInput> {
  const common = journal === undefined ? {} : { journal }
  if (files !== undefined) {
    return {
      ...common,
      ...files,
      ...(chunkSize === undefined ? {} : { chunkSize }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    }
  }
  if (!existsSync(DEMO.from)) display.say(`Making ${DEMO.from}, ${megabytes(DEMO.size)}, this once …`)
  await makeFile(DEMO.from, DEMO.size, 1)
  return {
    ...common,
    from: DEMO.from,
    to: DEMO.to,
    chunkSize: chunkSize ?? DEMO.chunkSize,
    bytesPerSecond: bytesPerSecond ?? DEMO.bytesPerSecond,
  }
}

/** Starts the transfer, goes on with it, or begins another round of one that was done. */
async function start(supervisor: Supervisor, key: string, input: TransferInput): Promise<TransferService> {
  // Asked before the start: once it runs, it may be done in no time.
  if ((await supervisor.stored(key))?.phase === 'done') {
    display.say('This transfer was done before: here is another round.')
    await supervisor.remove(key)
  }
  const service = await supervisor.start(transfer, { key, input })
  if (service.getSnapshot().context.failure instanceof FailedEarlierError) await service.retry()
  const { failure } = service.getSnapshot().context
  if (failure !== undefined) throw failure
  const { chunk, chunks, bytesDone, phase } = progressOf(service.machine.getSnapshot())
  display.say(`${input.from} → ${input.to}`)
  if (bytesDone > 0) display.say(`goes on at chunk ${chunk} of ${chunks} (${phase})`)
  display.say(
    `Interrupt it as you like: Ctrl+C, or kill -9 ${process.pid} from elsewhere. The same command goes on.`,
  )
  const ask = ['ls', `pause ${key}`, `resume ${key}`].map((request) => `\`${commandOf(options)} ${request}\``)
  display.say(`Or ask it from elsewhere: ${ask.join(', ')}.`)
  // Who repeats the command wants it to go on, and has mended what was wrong.
  if (service.getSnapshot().value === 'paused') await service.resume()
  if (phase === 'failed' || phase === 'waiting') await service.send({ type: 'RETRY' })
  return service
}
