/** What to do where a server lets nobody in, or nobody write. */
export const SERVER_REMEDY =
  'Give the connection the user, the password and the database that the server knows, and that user the right to write there.'

/** What to do where a server has something else in the place of a store. */
export const DAMAGED_SERVER_REMEDY =
  'Nothing was changed. Restore what the server had from a backup, or give the store another name and begin anew.'
