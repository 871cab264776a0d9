import { filesOnDisk } from '../delivery/other-files.ts';
import { LintError, printError } from '../errors.ts';
import { readPassphrase } from '../files/passphrase.ts';
import { type Input, readInput } from '../files/read.ts';
import type { OpenedPkcs12 } from '../fix/encode-inputs.ts';
import type { Found } from '../inspect/found.ts';
import type { Io } from '../io.ts';
import type { Command } from '../options/help.ts';
import { INSPECT_HELP, type InspectOptions, inspectOptions } from '../options/inspect.ts';
import { displayFile } from '../text/display.ts';
import { PROGRAM } from '../text/shell.ts';

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
  const { foundInFile, foundInPairFile, foundInPkcs12, foundInRelease, foundInSecret, foundInValues } =
    await import('../inspect/found.ts');
  if ('secret' in from) {
    const { readSecret } = await import('../helm/secret.ts');
    return foundInSecret(await readSecret(from.helm, from.secret, ''), options);
  }
  const { file, root, passphraseFile } = from;
  const input = readInput(file, io);
  const { bytes, name } = input;
  const { readPkcs12File } = await import('../fix/loose-files.ts');
  const passphrase = passphraseFile === null ? null : await readPassphrase(passphraseFile, io, name);
  const isPkcs12 = readPkcs12File(bytes) !== null;
  const found = isPkcs12
    ? foundInPkcs12(await opened(input, passphraseFile, io), name, options)
    : ((await foundInPairFile(bytes, name, options)) ?? foundInFile(bytes, name, options, passphrase));
  if (found === null) {
    const release = await foundInRelease(input, { ...options, root, others: filesOnDisk([file], io) });
    return release ?? foundInValues(bytes, name, root, options);
  }
  if (root.length === 0) return found;
  throw new LintError(
    `--root is for values files, which ${displayFile(name)} is not`,
    'Leave --root out, or name the values file.',
  );
}

async function opened(input: Input, passphraseFile: string | null, io: Io): Promise<OpenedPkcs12> {
  const { openPkcs12 } = await import('../fix/encode-inputs.ts');
  return openPkcs12(input, { passphraseFile, io, pipe: `${PROGRAM} inspect -` });
}

/** A bare file is named in each message. */
function unreadError({ name, source, help }: Found, messages: readonly string[]): LintError {
  const called = displayFile(name);
  if (messages.length > 1) {
    return new LintError([`${called}: not all of it can be read`, ...messages].join('\n  - '), help);
  }
  return new LintError(source === 'file' ? messages.join() : `${called}: ${messages.join()}`, help);
}
