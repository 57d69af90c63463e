import { expect, test } from 'vitest'
import { crashPages } from './crashes.js'

const count = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)

test('a page and a browser that are killed at random instants lose nothing acknowledged, and no effect has two keys', async () => {
  const [pages, browsers] = [count('PAGE_CRASHES', 4), count('BROWSER_KILLS', 2)]
  const report = await crashPages({ pages, browsers, lifeMs: [20, 200], random: Math.random })
  console.log(
    `${pages} crashes of a page and ${browsers} of the browser: ${report.acknowledged} acknowledged, ${report.lost.length} lost, ${report.doubled.length} doubled`,
  )
  expect(report).toMatchObject({ kills: pages + browsers, lost: [], doubled: [] })
  expect(report.acknowledged).toBeGreaterThan(report.kills)
}, 3_600_000)
