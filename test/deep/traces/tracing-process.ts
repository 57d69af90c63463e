// A process that traces tokens, one a line on its input, and answers each with one line.
import { createInterface } from 'node:readline'
import { trace } from 'tardigrade/testing'
import { SUBJECTS, TALKING } from '../../interruption/subjects.js'

for await (const line of createInterface({ input: process.stdin })) {
  // The other side writes it.
  const [name, token] = JSON.parse(line) as readonly [name: string, token: string]
  const subject = [...SUBJECTS, TALKING].find((one) => one.name === name)
  if (subject === undefined) throw new Error(`There is no subject ${name}.`)
  console.log(JSON.stringify(await trace(subject.define(), token, { actors: subject.actors })))
}
