const LOOK_MS = 250

/** Resolves when whoever waits for a store on a server is to look again whether it is free. */
export const nextLook = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS))
