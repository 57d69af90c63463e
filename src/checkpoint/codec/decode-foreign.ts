import { decode } from './decode.js'
import type { CustomType } from './options.js'
import { ANY_ERROR, compileRules, type Rule, type Rules } from './rules.js'

type ClassRule = Rule & { type: 'class' }
type ErrorRule = Rule & { type: 'error' }

/** An instance of a class that nobody has here is its members. */
class AnyClass extends Map<string, ClassRule> {
  override get(): ClassRule {
    return { type: 'class', text: '', prototype: Object.prototype }
  }
}

/** An error of such a class is an `Error` of its name. */
class AnyErrorClass extends Map<string, ErrorRule> {
  override get(name: string): ErrorRule | undefined {
    return name === 'error' || name.startsWith('error:') ? ANY_ERROR : undefined
  }
}

/**
 * Decodes texts without the definition that wrote them, for showing: built-in types are as they were, and instances of registered
 * classes are plain objects. Patterns and addresses are parsed, never used.
 *
 * @param customs rules for the custom types that may be met
 * @returns throws `UndecodableError`, and never any other error
 * @example
 * ```ts
 * foreignDecoder([])('{"json":"7","meta":{"values":["bigint"],"v":1}}') // 7n
 * ```
 */
export function foreignDecoder(customs: readonly CustomType[]): (text: string) => unknown {
  const rules: Rules = {
    ...compileRules({ allow: ['regexp', 'url'], customs }),
    classes: new AnyClass(),
    errors: new AnyErrorClass(),
  }
  return (text) => decode(rules, text)
}
