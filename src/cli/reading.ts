import type { Command } from 'commander'
import type { MigrateOptions } from './commands/migrate.js'
import type { Common, Perform } from './perform.js'

const LS_HELP = `
PHASE is where the service is in its lifecycle: running, paused, stopped, failed or done.
STATE is the machine’s own state; of a damaged checkpoint, what is wrong with it.
Both are those of the newest checkpoint. “running (no process)” waits for the process that goes on with it,
“running (not begun)” until somebody has the process that has the store open begin it: resume, or an event, does.
NEXT TIMER comes due while the service is as it is: where it rests, or no process has it, a deadline, which may be
overdue, and no timer that stands still meanwhile.
HELD BY is there where something holds a service: what its owner says, where it takes requests.`

/** Adds the commands that read a store beside its owner, and the one that migrates it at rest. */
export function addReading(program: Command, perform: Perform): void {
  program
    .command('ls')
    .description('list the services: phase, machine’s state, next timer')
    .addHelpText('after', LS_HELP)
    .action((_, command: Command) =>
      perform(command, async (output, options: Common) =>
        (await import('./commands/ls.js')).ls(output, options),
      ),
    )
  program
    .command('show <key>')
    .description('show what a service’s newest checkpoint holds')
    .action((key: string, _, command: Command) =>
      perform(command, async (output, options: Common) =>
        (await import('./commands/show.js')).show(output, key, options),
      ),
    )
  program
    .command('history <key>')
    .description('list the kept checkpoints of a service, newest first')
    .action((key: string, _, command: Command) =>
      perform(command, async (output, options: Common) =>
        (await import('./commands/history.js')).history(output, key, options),
      ),
    )
  program
    .command('doctor')
    .description('check every record and say what to do about what is wrong; changes nothing')
    .action((_, command: Command) =>
      perform(command, async (output, options: Common) =>
        (await import('./commands/doctor.js')).doctor(output, options),
      ),
    )
  program
    .command('migrate <module>')
    .description('migrate all records of a service at rest; starting a service migrates it too')
    .option('--check', 'only try: reads beside the owner and changes nothing')
    .option('--export <name>', 'which of the module’s services')
    .action((module: string, _, command: Command) =>
      perform(command, async (output, options: Common & MigrateOptions) =>
        (await import('./commands/migrate.js')).migrate(output, module, options),
      ),
    )
}
