import ts from 'typescript-5'
import { snippets } from './snippets.js'

/** What the examples of a page give to the testing kit. */
export interface Shown {
  /** Options by their names. */
  readonly names: ReadonlySet<string>
  /** Names of all that stands inside those, at any depth. */
  readonly inside: ReadonlySet<string>
  /** All texts there. */
  readonly texts: ReadonlySet<string>
}

/** Looks at the arguments of each call that verifies, replays or records, and nowhere else: machines have names of their own. */
export function optionsShown(page: string): Shown {
  const names = new Set<string>()
  const inside = new Set<string>()
  const texts = new Set<string>()
  const lookInside = (node: ts.Node): void => {
    if (ts.isObjectLiteralElement(node) && node.name !== undefined) inside.add(node.name.getText())
    if (ts.isStringLiteral(node)) texts.add(node.text)
    ts.forEachChild(node, lookInside)
  }
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(verifyInterruptions|record)$/.test(node.expression.getText())) {
      for (const given of node.arguments.filter(ts.isObjectLiteralExpression)) {
        for (const { name } of given.properties) if (name !== undefined) names.add(name.getText())
        lookInside(given)
      }
    }
    ts.forEachChild(node, look)
  }
  for (const { code } of snippets(page, 'ts'))
    look(ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.Latest, true))
  return { names, inside, texts }
}
