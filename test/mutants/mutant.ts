/** A realistic mistake in the core that breaks one promise, and the test that must fail because of it. */
export interface Mutant {
  readonly name: string
  /** Path from the project's folder. */
  readonly file: string
  /** Stands once in the file. */
  readonly find: string
  readonly replace: string
  readonly killedBy: {
    readonly file: string
    /** The test's name as it is written, or a part of it that no other test of the file has. */
    readonly test: string
    /** Where the name is written, for a test of a contract that several files run. */
    readonly writtenIn?: string
  }
}

/**
 * The source with the mistake in it.
 * @throws {Error} the place is not there, or not the only one
 */
export function plant(source: string, { name, file, find, replace }: Mutant): string {
  const places = source.split(find).length - 1
  if (places !== 1) {
    throw new Error(
      `The mutant “${name}” fits ${places} places of ${file}: give it the place it was meant for.`,
    )
  }
  // By a function, since a text may hold `$&`.
  return source.replace(find, () => replace)
}
