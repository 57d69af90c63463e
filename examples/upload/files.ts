import { TransferError } from '../../machines/transfer/problem.js'

/**
 * Files that were chosen, kept where the page finds them again: a page that was closed may not read what the user had chosen,
 * but it has a file system of its own (https://developer.mozilla.org/docs/Web/API/File_System_API/Origin_private_file_system).
 */
const folder = () => navigator.storage.getDirectory()

/** Keeps a file under a name. One that is cut off in the middle is not there. */
export async function keep(name: string, file: File): Promise<void> {
  const kept = await (await folder()).getFileHandle(name, { create: true })
  await file.stream().pipeTo(await kept.createWritable())
}

/** @throws {TransferError} `source-missing`: it is not there */
export async function kept(name: string): Promise<File> {
  try {
    return await (await (await folder()).getFileHandle(name)).getFile()
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new TransferError('source-missing', 'The browser no longer has the file.', undefined, cause)
  }
}

export async function letGo(name: string): Promise<void> {
  try {
    await (await folder()).removeEntry(name)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

/** Lets go of all but these: of what was being kept as the page was closed. */
export async function letGoOthers(names: ReadonlySet<string>): Promise<void> {
  for await (const name of (await folder()).keys()) if (!names.has(name)) await letGo(name)
}

const isMissing = (error: unknown) => error instanceof DOMException && error.name === 'NotFoundError'
