import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { displayFile } from '../text/display.ts';
import { couldBeKey, isUrl, redact } from '../text/redact.ts';

/** How the names of files end that people give this program. */
const EXTENSION =
  /\.(?:ya?ml|json|tpl|gotmpl|pem|crt|cer|key|csr|der|p12|pfx|p7[bc]|jks|txt|enc|tgz|log|xml|sarif|html|md)$/i;

/**
 * A path as the user named it, in a message; safe to show. What is on disk is shown in full, and so is a URL, but for a
 * user name and password in it. The rest of a path that leads nowhere is a word of the command line, and may be a private
 * key that was pasted there.
 */
export function displayNamed(path: string): string {
  return displayFile(namedPath(path));
}

/** The same, not escaped yet. */
export function namedPath(path: string): string {
  if (isUrl(path)) return path;
  const known = knownPart(path);
  const rest = path.slice(known.length);
  if (rest === '') return path;
  if (!EXTENSION.test(rest)) return known + redact(rest, 'value');
  const folder = dirname(rest);
  return isWholeKey(folder) ? join(known, redact(folder, 'value'), basename(rest)) : path;
}

/** No private key is shorter in base64, even where each slash in it parts two folders. */
const SHORTEST_KEY = 64;

/** Whether a private key was given in place of a folder, in which this program would make a file. */
function isWholeKey(folder: string): boolean {
  const odd = folder.split('/').filter(couldBeKey);
  return odd.join('').length >= SHORTEST_KEY;
}

/** The part of a path that is on disk, with the separator after it; empty where that is only the root or this folder. */
function knownPart(path: string): string {
  if (isThere(path)) return path;
  for (let part = path; ; ) {
    const above = dirname(part);
    if (above === part || above === '.' || above === '..' || !path.startsWith(above)) return '';
    if (isThere(above)) return above === '/' ? '' : path.slice(0, above.length + 1);
    part = above;
  }
}

/** Whether a path leads to something on disk. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Its name is too long, or it is behind a folder that may not be entered.
    return false;
  }
}
