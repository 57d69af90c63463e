/** What of Trusted Types the page uses; not every browser has them, nor TypeScript their types. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

/** Scripts that the page itself brings: the build has written their addresses into it, and no message can. */
const OWN = new Set<string>()

const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }

const policy = trustedTypes?.createPolicy('tardigrade', {
  createScriptURL(url) {
    if (!OWN.has(url)) throw new TypeError(`${url} is no script of this page.`)
    return url
  },
})

/** The address of a worker that belongs to the page, as the policy of the page asks for it. */
export function ownScript(url: string): string {
  OWN.add(url)
  return policy?.createScriptURL(url) ?? url
}
