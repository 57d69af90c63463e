import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

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
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  plugins: [
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
