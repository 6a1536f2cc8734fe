// What the system answers when a file cannot be read or written, in plain words.

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'part of the path is not a directory'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'its links lead round in a circle'],
  ['ENXIO', 'nothing answers at its other end'],
  ['EIO', 'the device answered with an error'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
  ['EROFS', 'nothing can be written on this disk'],
  ['ENOSPC', 'no space is left'],
  ['EDQUOT', 'no space is left to this user'],
  ['EFBIG', 'the file may not grow any longer'],
  ['ERR_INVALID_ARG_VALUE', 'no file can be called that'],
]);

/** Why something could not be read or written; of what has no words here, the system's code. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  return REASONS.get(code) ?? `the system says no (${code})`;
}
