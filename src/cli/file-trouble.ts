const words: { readonly [code: string]: string } = {
  EACCES: 'you may not read or write it',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or directory',
  ENOSPC: 'there is no room left',
  ENOTDIR: 'a part of the path is not a directory',
  EPERM: 'it is not permitted',
  EROFS: 'the file system is read-only',
}

/** What kept us from a file, in words; the system's own message for what has none here. */
export function fileTrouble(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (Object.hasOwn(words, code)) return words[code] ?? code
  return cause instanceof Error ? cause.message : String(cause)
}
