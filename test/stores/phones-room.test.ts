import { asyncStorageStore } from 'tardigrade/stores/async-storage'
import { expect, test } from 'vitest'
import { accepted, FullMap, request, Side } from './phones-kit.js'

const claimOf = (data: Map<string, string>) =>
  asyncStorageStore(new Side(data).storage, 's', { keep: 1 }).claim()

const placesOf = (data: Map<string, string>, prefix: string) =>
  [...data.keys()].filter((place) => place.startsWith(prefix))

test.each(['s:head3:1:bad', 's:aside:1-2-'])(
  'a damaged record (%s) keeps texts, and neither heads that count no more nor marks of claims',
  async (damaged) => {
    const data = new Map<string, string>()
    const first = await claimOf(data)
    accepted(await first.commit([request('bad', 1, 'its text'), request('aside', 1, 'set aside')]))
    await first.quarantine('aside', 1, 'odd')
    await first.close()
    const [place = ''] = placesOf(data, damaged)
    const record = data.get(place) ?? ''
    data.set(place, 'damaged')
    for (let sequence = 1; sequence <= 5; sequence++) {
      const claim = await claimOf(data)
      accepted(await claim.commit(['a', 'b'].map((key) => request(key, sequence, `${key}${sequence}`))))
      await claim.close()
    }
    // Of each key that is committed the one of the last claim, and the one before it.
    for (const key of ['a', 'b']) {
      expect(placesOf(data, 's:head3:').filter((head) => head.endsWith(`:${key}`))).toHaveLength(2)
    }
    expect(placesOf(data, 's:claim:')).toHaveLength(1)
    data.set(place, record)
    const last = await claimOf(data)
    expect((await last.load('bad'))?.text).toBe('its text')
    expect((await last.quarantined()).map(({ text }) => text)).toEqual(['set aside'])
    expect((await last.load('a'))?.text).toBe('a5')
  },
)

test('a storage that is full to the last can be claimed, time and again', async () => {
  const data = new FullMap()
  const first = await claimOf(data)
  accepted(await first.commit([request('a', 1, 'x'.repeat(100))]))
  data.most = data.bytes + 5
  for (let again = 0; again < 3; again++) {
    const claim = await claimOf(data)
    await expect(claim.commit([request('a', 2, 'y'.repeat(100))])).rejects.toMatchObject({
      code: 'STORE_FULL',
    })
    expect((await claim.load('a'))?.sequence).toBe(1)
    await claim.close()
  }
})

test('a storage without any room to gain refuses the claim', async () => {
  const data = new FullMap()
  await (await claimOf(data)).close()
  for (const mark of placesOf(data, 's:claim:')) data.delete(mark)
  data.most = data.bytes + 5
  await expect(claimOf(data)).rejects.toMatchObject({ code: 'STORE_FULL' })
})
