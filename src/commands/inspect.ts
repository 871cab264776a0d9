import { LintError, printError } from '../errors.ts';
import { readInput } from '../files/read.ts';
import type { Found } from '../inspect/found.ts';
import type { Io } from '../io.ts';
import type { Command } from '../options/help.ts';
import { INSPECT_HELP, type InspectOptions, inspectOptions } from '../options/inspect.ts';
import { escapeUnsafe, redact } from '../text/display.ts';

export const inspectCommand: Command = { ...INSPECT_HELP, run: runInspect };

/**
 * `inspect [FILE]`: shows the chain, validity, private key and pin of a values file or a bare certificate file; with
 * `--secret NAME` those of a Secret in the cluster. It only shows: `lint` checks.
 * @returns the exit status: 0 everything that was found could be read, 2 something could not
 * @throws LintError where the arguments are wrong, or there is nothing to show
 */
async function runInspect(args: readonly string[], io: Io): Promise<0 | 2> {
  const options = await inspectOptions(args, io);
  const { at, format, layout } = options;
  const found = await find(options, io);
  const { inspect } = await import('../inspect/inspect.ts');
  const inspection = inspect(found, options);
  if (format === 'json') {
    const { formatInspectionJson } = await import('../report/inspection-json.ts');
    io.stdout(formatInspectionJson(inspection, at));
  } else if (inspection.certificates.length > 0 || inspection.key !== null) {
    const { formatInspection } = await import('../report/inspection-text.ts');
    io.stdout(formatInspection(inspection, layout));
  }
  const unread = found.diagnostics.filter(({ isUnread }) => isUnread).map(({ message }) => message);
  if (unread.length === 0) return 0;
  printError(unreadError(found, unread), io);
  return 2;
}

async function find(options: InspectOptions, io: Io): Promise<Found> {
  const { from } = options;
  const { foundInFile, foundInSecret, foundInValues } = await import('../inspect/found.ts');
  if ('secret' in from) {
    const { readSecret } = await import('../helm/secret.ts');
    return foundInSecret(await readSecret(from.helm, from.secret, ''), options);
  }
  const { file, root } = from;
  const { bytes, name } = readInput(file, io);
  const found = foundInFile(bytes, name, options);
  if (found === null) return foundInValues(bytes, name, root, options);
  if (root.length === 0) return found;
  throw new LintError(
    `--root is for values files, which ${escapeUnsafe(redact(name))} is not`,
    'Leave --root out, or name the values file.',
  );
}

/** A bare file is named in each message. */
function unreadError({ name, source, help }: Found, messages: readonly string[]): LintError {
  const called = escapeUnsafe(redact(name));
  if (messages.length > 1) {
    return new LintError([`${called}: not all of it can be read`, ...messages].join('\n  - '), help);
  }
  return new LintError(source === 'file' ? messages.join() : `${called}: ${messages.join()}`, help);
}
