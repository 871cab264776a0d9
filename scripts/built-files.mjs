// Apart from the build, whose tools need not be installed to know what it makes.
import { readdir } from 'node:fs/promises';

/** The names of the files in dist/ that are built: all but the code caches, which are in a folder. */
export async function builtFiles(/** @type {string} */ dist) {
  const found = await readdir(dist, { withFileTypes: true });
  const files = found.filter((each) => each.isFile());
  return files.map(({ name }) => name).sort();
}
