import { plainText } from '../world/plain.js'
import { type DueStep, isDueStep, type Step, type TwinStep } from './steps.js'

/** A step in words. */
export function stepInWords(step: Step): string {
  if (isDueStep(step)) return dueStepInWords(step)
  const event = 'event' in step ? plainText(step.event) : ''
  const again = 'send it again under the same key'
  switch (step.do) {
    case 'send':
      return `send ${event}`
    case 'advance':
      return `${step.ms} ms pass`
    case 'retry':
      return 'retry, where it has failed'
    case 'pause':
      return 'a hold is set, and released'
    case 'overlap':
      return 'two holds are set, and released one after the other'
    case 'pauseAndSend':
      return `while it is held, send ${event}`
    case 'kill':
      return 'kill -9, and a new process'
    case 'stop':
      return 'stop, and start again'
    case 'sleep':
      return 'let go from memory, and woken'
    case 'checkpoint':
      return 'a checkpoint is asked for'
    case 'crash':
      return `send ${event}, kill -9 ${step.at.replace('-', ' the ')}, a new process, ${again}`
    case 'storeFails':
      return `send ${event}, whose commit the store refuses; retry, and ${again}`
    case 'storeFull':
      return `send ${event}, for whose commit the disk is too full; retry, and ${again}`
    case 'storeTears':
      return `send ${event}, of whose commit half is written as the power goes; retry from the one before, and ${again}`
    case 'storeSlow':
      return `send ${event}, whose commit takes long; a hold is set meanwhile, and released`
    case 'secondOwner':
      return `another process takes the store; send ${event} to the one that had it, and ${again} to the other`
    case 'frozen':
      return `while it is held, ${step.ms} ms pass`
    case 'clockStands':
      return `${step.ms} ms pass, and the clock shows the same`
    case 'clockBack':
      return `kill -9, the clock is set back by ${step.ms} ms, and a new process`
    case 'upgrade':
      return 'kill -9, and a new process that runs the present version'
  }
}

/** What interrupts what falls due, in words. */
function dueStepInWords(step: DueStep): string {
  const time = `${step.ms} ms pass`
  switch (step.do) {
    case 'crash':
      return `${time}, kill -9 ${step.at.replace('-', ' the ')} of what falls due, and a new process`
    case 'storeFails':
      return `${time}, and the store refuses the commit of what falls due; retry`
    case 'storeFull':
      return `${time}, and the disk is too full for the commit of what falls due; retry`
    case 'storeTears':
      return `${time}, and of the commit of what falls due half is written as the power goes; retry from the one before`
    case 'storeSlow':
      return `${time}, and the commit of what falls due takes long; a hold is set meanwhile, and released`
    case 'secondOwner':
      return `another process takes the store; ${time}, for the one that had it too`
  }
}

/** A step of the twin in words. */
export function twinStepInWords(step: TwinStep): string {
  const { resumed } = step
  const told = resumed === undefined ? [] : [`it is told of its interruption: ${plainText(resumed)}`]
  return [...twinDoesInWords(step), ...told].join('; ')
}

function twinDoesInWords(step: TwinStep): readonly string[] {
  switch (step.do) {
    case 'jump':
      return [`${step.ms} ms pass unseen`]
    case 'setBack':
      return [`the clock is set back by ${step.ms} ms`]
    case 'upgrade':
      return ['stop, and start with the present version']
    case 'renew':
      return [RENEWED]
    case 'rest':
      return []
    case 'send':
    case 'advance':
    case 'retry':
      return step.renewed === true ? [RENEWED, stepInWords(step)] : [stepInWords(step)]
  }
}

const RENEWED = 'timers of policy `restart` begin again'
