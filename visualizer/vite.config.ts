import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const MAIN = here('src/main.tsx')
/** Ids of the modules without which the page cannot begin. */
const first = new Set<string>()

export default defineConfig({
  root: here('.'),
  // It is served from any path, and from a file server beside a recorded trace.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../dist/visualizer'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets are data: URLs, which the page's policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // All that the page begins with is compressed as one: its parts apart are larger by a kilobyte.
          groups: [{ name: 'first', test: (id) => first.has(id) }],
        },
      },
    },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  plugins: [
    {
      name: 'first',
      buildEnd() {
        const add = (id: string): void => {
          if (first.has(id)) return
          first.add(id)
          for (const other of this.getModuleInfo(id)?.importedIds ?? []) add(other)
        }
        add(MAIN)
        // It stays the one script that the page names.
        first.delete(MAIN)
      },
    },
    {
      // elkjs is not ours: its licence goes where it goes.
      name: 'licences',
      generateBundle() {
        const source = readFileSync(here('../node_modules/elkjs/LICENSE.md'), 'utf8')
        this.emitFile({ type: 'asset', fileName: 'assets/elkjs.LICENSE.md', source })
      },
    },
  ],
})
