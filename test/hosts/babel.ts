import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** Babel as an app of React Native has it, whose preset is not for all that Hermes’ compiler knows. */
export function throughBabel(code: string, filename = 'app.js', options: object = {}): string {
  // It has no types of its own.
  const { transformSync } = load('@babel/core') as {
    transformSync(code: string, options: object): { code: string }
  }
  const presets = [[load.resolve('@react-native/babel-preset'), options]]
  return transformSync(code, { filename, presets, configFile: false, babelrc: false, compact: false }).code
}
