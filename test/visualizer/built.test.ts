import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { BUILT } from './kit/page-server.js'

const SOURCE = resolve(import.meta.dirname, '../../visualizer/src')
const BUDGET_BYTES = 60_000

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('the built page', () => {
  test('its first script is below 60 kB gzipped, and the layout engine is none of it', () => {
    const html = readFileSync(join(BUILT, 'index.html'), 'utf8')
    const found = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, path = '']) => path)
    const scripts = found(/<script[^>]*src="\.\/([^"]+)"/g)
    expect(scripts).toHaveLength(1)
    // What it cannot begin without counts with it.
    scripts.push(...found(/<link[^>]*rel="modulepreload"[^>]*href="\.\/([^"]+\.js)"/g))
    const bytes = scripts.map((path) => gzipSync(readFileSync(join(BUILT, path)), { level: 9 }).length)
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(BUDGET_BYTES)
    expect(filesOf(BUILT).some((file) => /elk-worker[^/]*\.js$/.test(file))).toBe(true)
  })

  test('it holds no script or style of its own text, and asks nobody but its server', () => {
    const html = readFileSync(join(BUILT, 'index.html'), 'utf8')
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style="|https?:/)
  })

  test('no text becomes markup or code: its source sets texts alone', () => {
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function|srcdoc|javascript:/
    const broken = filesOf(SOURCE).filter((file) => forbidden.test(readFileSync(file, 'utf8')))
    expect(broken).toEqual([])
  })

  test('the licence of what is not this project’s own stands beside it', () => {
    expect(readFileSync(join(BUILT, 'assets/elkjs.LICENSE.md'), 'utf8')).toMatch(/Eclipse Public License/)
  })
})
