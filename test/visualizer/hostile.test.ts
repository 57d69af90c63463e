import { expect, test } from 'vitest'
import { hostile, RUN, runNothing, walked } from './kit/hostile.js'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const PAYLOADS = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg/onload=${RUN}>`,
  `"><svg><script>${RUN}</script>`,
  `javascript:${RUN}`,
  `'-${RUN}-'`,
  `\${${RUN}}`,
  `</style><script>${RUN}</script>`,
  `]]><script>${RUN}</script>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>">`,
  `<a href="javascript:${RUN}" autofocus onfocus="${RUN}">x</a>`,
  `<math><mtext></mtext><style><img src=x onerror=${RUN}></style></math>`,
  `<details open ontoggle=${RUN}>`,
  '__proto__',
  'constructor',
  `url(javascript:${RUN})`,
  `{{constructor.constructor('${RUN}')()}}`,
  `<foreignObject><body onload=${RUN}></foreignObject>`,
  `\u202e<script>${RUN}</script>`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
]

const visits = visiting()

test('1,000 script payloads in names, events and contexts: none runs', async () => {
  const recording = new Recording(`p ${PAYLOADS[0]}`)
  // Two in each text: laying out a chart for every one of them takes its time.
  const pairs = PAYLOADS.flatMap((payload, at) => (at % 2 === 0 ? [`${payload} ${PAYLOADS[at + 1]}`] : []))
  for (const [at, payload] of pairs.entries())
    hostile(recording, (what) => (what === 'key' ? `key ${at} ${payload}` : `${what} ${payload}`))
  const texts = recording.json().split(/executed|__proto__|constructor/).length - 1
  expect(texts).toBeGreaterThan(1000)
  await runNothing(visits, await walked(visits, recording, pairs.length))
}, 60_000)
