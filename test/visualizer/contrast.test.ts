import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const THEME = readFileSync(resolve(import.meta.dirname, '../../visualizer/src/style/theme.css'), 'utf8')
/** What WCAG asks of texts of this size. */
const LEAST = 4.5

/** The colours of the theme, as light and dark. */
const colours = new Map(
  [...THEME.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name = '', light, dark]) => [
    name,
    { light: rgbOf(light), dark: rgbOf(dark) },
  ]),
)

/** What texts are written in, and on what. */
const PLAIN = ['ground', 'panel', 'raised']
const TINTED = [...PLAIN, 'accent-soft', 'accent-ground', 'changed']
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  text: TINTED,
  soft: TINTED,
  // Its ground being tinted, it is `soft`.
  faint: PLAIN,
  accent: TINTED,
  taken: TINTED,
  running: TINTED,
  failed: TINTED,
  resuming: TINTED,
  checkpointing: TINTED,
  string: TINTED,
  number: TINTED,
  keyword: TINTED,
}

describe.each(['light', 'dark'] as const)('texts that are %s can be read', (look) => {
  test.each(Object.entries(TEXTS))('%s', (text, grounds) => {
    const low = grounds
      .map((ground) => [ground, contrast(colourOf(text), colourOf(ground))] as const)
      .filter(([, ratio]) => ratio < LEAST)
    expect(low).toEqual([])
  })

  test('text on what warns', () => {
    for (const [ground, share] of [
      ['panel', 0.14],
      ['raised', 0.18],
    ] as const)
      expect(contrast(colourOf('text'), mixed(colourOf('failed'), colourOf(ground), share))).toBeGreaterThan(
        LEAST,
      )
  })

  function colourOf(name: string): readonly number[] {
    return colours.get(name)?.[look] ?? expect.fail(`the theme has no ${name}`)
  }
})

function rgbOf(hex = ''): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

function mixed(a: readonly number[], b: readonly number[], share: number): readonly number[] {
  return a.map((value, at) => value * share + (b[at] ?? 0) * (1 - share))
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (high + 0.05) / (low + 0.05)
}

function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
