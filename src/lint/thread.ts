import type { Io } from '../io.ts';
import { readCheckOptions } from '../options/check-options.ts';
import { readArguments } from '../options/flags.ts';
import { LINT_FLAGS } from '../options/lint.ts';
import { takeFiles, type Work } from './files.ts';

/** What a thread of `lint` does: its share of the files. Null where this is no such thread. */
export async function runLintThread(io: Io): Promise<0 | null> {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  if (parentPort === null) return null;
  const work = workerData as Work;
  const given = readArguments(work.args, LINT_FLAGS, 'lint');
  const lint = { ...(await readCheckOptions(given, io, given.all('ca-file'), null)), at: work.at };
  const options = { lint, fixing: null, wantsAdvice: work.wantsAdvice };
  await takeFiles(work, options, io, (told) => parentPort.postMessage(told));
  return 0;
}
