import { isFolder } from '../files/is-folder.ts';
import { STDIN } from '../files/read.ts';
import type { FileToLint, LintResult } from './files.ts';

/**
 * The files to lint: those that are named, and those in the folders that are named.
 * @param isDetected whether named files too are checked only where their content is of Lightrun
 * @returns also the folders that could not be searched
 */
export async function filesToLint(
  named: readonly string[],
  isDetected: boolean,
): Promise<{ files: FileToLint[]; failed: LintResult[] }> {
  const files: FileToLint[] = [];
  const failed: LintResult[] = [];
  for (const path of named) {
    if (path === STDIN || !isFolder(path)) {
      files.push({ path, isDetected });
      continue;
    }
    const { yamlFilesIn } = await import('../files/find.ts');
    const found = yamlFilesIn(path);
    files.push(...found.files.map((each) => ({ path: each, isDetected: true })));
    failed.push(...found.failed.map(({ folder, error }) => failedResult(folder, error)));
  }
  return { files, failed };
}

function failedResult(name: string, { message, help }: { message: string; help: string }): LintResult {
  return { name, summaries: [], error: { target: name, message, help } };
}
