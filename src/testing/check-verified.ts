import { isObject, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { isDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'

const VERIFIED = "a machine, what defineService returns, or where it is exported: { module: './order.js' }"

const isService = (value: unknown) => isMachine(value) || isDefinition(value)

/**
 * What plain JavaScript may give, and says nothing of a service: a name that is not exported, or a module as `import` gives it.
 * @throws {InvalidOptionError} it is no machine, no definition, and not where one is exported
 */
export function checkVerified(verified: unknown): void {
  if (isService(verified)) return
  if (!isObject(verified)) throw refusal(shown(verified), VERIFIED)
  if ('module' in verified) {
    const { module } = verified
    if (module instanceof URL || (typeof module === 'string' && module !== '')) return
    throw new InvalidOptionError('module', shown(module), 'the path of a module, its address, or a package')
  }
  const inside = Object.keys(verified).find((name) => isService(Reflect.get(verified, name)))
  if (inside === undefined) throw refusal(shown(verified), VERIFIED)
  throw refusal(`an object that has one as its “${inside}”`, `its \`.${inside}\``)
}

function refusal(value: string, expected: string): InvalidOptionError {
  return new InvalidOptionError('verified', value, expected, {}, `What is to be verified is ${value}.`)
}
