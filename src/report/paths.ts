import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A file's path from a folder, with forward slashes and no `./` before it; the absolute path where the file lies
 * elsewhere.
 * @param folder an absolute path
 * @param file as the user gave it
 */
export function relativePath(folder: string, file: string): string {
  const inside = relative(folder, resolve(folder, file));
  const isElsewhere = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return (isElsewhere ? resolve(folder, file) : inside).replaceAll(sep, '/');
}

/**
 * A path of `relativePath` as a URI reference (RFC 3986), in ASCII: relative, or with the scheme `file`.
 * Half a surrogate pair, which no URI can hold, becomes U+FFFD.
 */
export function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  const wellFormed = Buffer.from(path, 'utf8').toString('utf8');
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}
