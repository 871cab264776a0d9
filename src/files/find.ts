import { type Dirent, readdirSync, statSync } from 'node:fs';
import { type LintError, systemError } from '../errors.ts';
import { displayFile } from '../text/display.ts';

/** Folders in which nobody keeps values of their own. */
const PASSED_OVER = new Set(['.git', 'node_modules']);

/** Files below a folder, and the folders that could not be read. */
export interface FoundFiles {
  files: string[];
  failed: { folder: string; error: LintError }[];
}

/** The YAML files below a folder, as `filesIn` gives them. */
export function yamlFilesIn(folder: string): FoundFiles {
  return filesIn(folder.replace(/(?<!\/)\/*$/, '/'), (name) => /\.ya?ml$/i.test(name));
}

/**
 * The files below a folder, sorted by name, folder by folder. Links to files count, links to folders do not: they may
 * form a loop, or lead elsewhere.
 * @param folder a path that ends with a slash; empty for the current one
 * @param isWanted asked with a file's name
 * @param depth how many names may follow the folder
 */
export function filesIn(
  folder: string,
  isWanted: (name: string) => boolean,
  depth = Number.POSITIVE_INFINITY,
): FoundFiles {
  const found: FoundFiles = { files: [], failed: [] };
  const start = folder.replace(/^(\.\/+)+/, '');
  const waiting = [start];
  const isDeepest = (path: string) => path.slice(start.length).split('/').length >= depth;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folders: string[] = [];
    for (const entry of entriesOf(next, found)) {
      const path = next + entry.name;
      if (entry.isDirectory()) {
        if (!PASSED_OVER.has(entry.name) && !isDeepest(path)) folders.push(`${path}/`);
      } else if (isWanted(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && isFile(path)))) {
        found.files.push(path);
      }
    }
    waiting.push(...folders.reverse());
  }
  return found;
}

function entriesOf(folder: string, found: FoundFiles): Dirent[] {
  try {
    const entries = readdirSync(folder || '.', { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    found.failed.push({ folder, error: systemError(`${displayFile(folder)} cannot be searched`, error) });
    return [];
  }
}

/** Not for a link that leads nowhere, or in a circle: there is no file to check. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
