import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript-5'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { bringUpToDate } from '../kit/built.js'
import { problemsOf } from '../kit/compile.js'
import { REACT_APP, writeReactApp } from './react-app.js'
import { root } from './snippets.js'

/** It may build first. */
beforeAll(bringUpToDate, 180_000)

test('the application of the documentation has the right types', () => {
  const folder = writeReactApp('react-types')
  const problems = problemsOf(folder, {
    extends: join(root, 'test/browser/tsconfig.json'),
    compilerOptions: {
      paths: {},
      rootDir: null,
      incremental: false,
      tsBuildInfoFile: null,
      jsx: 'react-jsx',
      types: ['vite/client'],
    },
    include: ['.'],
  })
  expect([...REACT_APP.keys()]).toEqual(['services.ts', 'supervisor.ts', 'App.tsx'])
  expect([...problems]).toEqual([])
})

const SERVER = `
import { createElement } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { createServer } from 'node:http'
import { App } from './App.js'

createServer((_request, response) => {
  const { pipe } = renderToPipeableStream(createElement(App), {
    onError: ({ name }) => console.log(name),
    onShellReady: () => pipe(response),
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
`

test('a server that renders it sends what the page shows while it waits, and lives on', async () => {
  const folder = writeReactApp('react-server', { 'server.js': SERVER })
  for (const [file, code] of REACT_APP) {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        jsx: ts.JsxEmit.ReactJSX,
      },
    })
    writeFileSync(join(folder, file.replace(/tsx?$/, 'js')), outputText)
  }
  const server = spawn(process.execPath, ['server.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(server, 'exit')
  onTestFinished(async () => {
    server.kill()
    await gone
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const line = () => Promise.race([lines.next().then(({ value }) => value), gone])
  const port = await line()
  const page = async () => (await fetch(`http://127.0.0.1:${port}/`)).text()
  for (const _ of ['first', 'second']) {
    expect(await page()).toContain('Starting, or open in another tab.')
    expect(await line()).toBe('ServerRenderingError')
  }
})
