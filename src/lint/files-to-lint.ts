import { relative, resolve, sep } from 'node:path';
import { LintError } from '../errors.ts';
import { isFolder } from '../files/is-folder.ts';
import { STDIN } from '../files/read.ts';
import { displayFile } from '../text/display.ts';
import type { FileToLint, LintResult } from './files.ts';

/** Which files are named, and which are left out. */
export interface FilesRequest {
  files: readonly string[];
  /** Whether the configuration file names them; then some may be globs. */
  areFilesConfigured: boolean;
  /** Whether named files too are checked only where their content is of Lightrun. */
  isDetected: boolean;
  /** The folder of its paths ends with a slash, or is empty. */
  config: { name: string; folder: string; exclude: readonly string[] } | null;
}

/** What there is to lint. */
export interface FilesFound {
  files: FileToLint[];
  /** The folders that could not be searched. */
  failed: LintResult[];
  /** What the configuration file leaves out. */
  excluded: string[];
}

/**
 * The files to lint: those that are named, and those in the folders that are named, without those that are excluded.
 * @throws LintError where a glob matches nothing
 */
export async function filesToLint(request: FilesRequest): Promise<FilesFound> {
  const { config, isDetected } = request;
  const files: FileToLint[] = [];
  const failed: LintResult[] = [];
  for (const path of await namedFiles(request)) {
    if (path === STDIN || !isFolder(path)) {
      files.push({ path, isDetected });
      continue;
    }
    const { yamlFilesIn } = await import('../files/find.ts');
    const found = yamlFilesIn(path);
    files.push(...found.files.map((each) => ({ path: each, isDetected: true })));
    failed.push(...found.failed.map(({ folder, error }) => failedResult(folder, error)));
  }
  if (config === null || config.exclude.length === 0) return { files, failed, excluded: [] };
  const { globPattern } = await import('../files/glob.ts');
  const patterns = config.exclude.map((glob) => globPattern(glob.replace(/(?<!\/)\/+$/, '')));
  const isExcluded = ({ path }: FileToLint) =>
    path !== STDIN && isBelow(relative(resolve(config.folder), resolve(path)), patterns);
  return {
    files: files.filter((file) => !isExcluded(file)),
    failed,
    excluded: files.filter(isExcluded).map(({ path }) => path),
  };
}

/** A glob may name a file, or a folder above it. */
function isBelow(path: string, patterns: readonly RegExp[]): boolean {
  const names = path.split(sep);
  const paths = names.map((_, at) => names.slice(0, at + 1).join('/'));
  return patterns.some((pattern) => paths.some((each) => pattern.test(each)));
}

async function namedFiles({ files, areFilesConfigured, config }: FilesRequest): Promise<readonly string[]> {
  if (!areFilesConfigured || config === null) return files;
  const { filesMatching, isGlob } = await import('../files/glob.ts');
  const { folder, name } = config;
  return files.flatMap((path) => {
    // A file of that name, not standard input.
    if (path === STDIN) return [`./${folder}${path}`];
    if (!isGlob(path)) return [path.startsWith('/') ? path : folder + path];
    const found = filesMatching(path, folder);
    if (found.length > 0) return found;
    throw new LintError(
      `${displayFile(path)} in ${displayFile(name)} matches no file`,
      'Correct the glob, or take it out of files.',
    );
  });
}

function failedResult(name: string, { message, help }: { message: string; help: string }): LintResult {
  return { name, summaries: [], error: { target: name, message, help } };
}
