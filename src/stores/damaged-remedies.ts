/** What to do where what lies in a folder is no store, or a damaged one. */
export const DAMAGED_FOLDER_REMEDY =
  'Nothing was changed. Restore the folder from a copy, or move it away and begin anew.'

/** The same of a browser or a phone, where nobody has copies. */
export const DAMAGED_HERE_REMEDY = 'Nothing was changed. Give the store another name and begin anew.'
