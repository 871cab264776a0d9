import { LintError } from '../errors.ts';
import { readInput, STDIN } from '../files/read.ts';
import { reportError } from '../files/system-error.ts';
import type { Found } from '../inspect/found.ts';
import type { Io } from '../io.ts';
import { caFileFlag, ROOT_FLAG } from '../options/check-options.ts';
import { type Arguments, type Flag, quote, readArguments, seeHelp } from '../options/flags.ts';
import { CONNECTION_FLAGS, HELM_TIMEOUT_FLAG, helmFrom } from '../options/helm.ts';
import { oneOf, parseRoot, timeOf } from '../options/parse.ts';
import { COLORS, textLayout } from '../report/layout.ts';
import { COLOR_FLAG } from '../report/write.ts';
import { escapeUnsafe } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';

const FORMATS = ['text', 'json'] as const;
const DEFAULT_FILE = 'values.yaml';
const LONGEST_NAME = 253;
const SECRET_NAME = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;

export const INSPECT_FLAGS: readonly Flag[] = [
  { name: 'secret', value: 'NAME', help: 'look into this Secret of the cluster instead of a file' },
  ...CONNECTION_FLAGS,
  HELM_TIMEOUT_FLAG,
  ROOT_FLAG,
  { name: 'at', value: 'TIME', help: 'show validity at this time, such as 2027-01-31 (default: now)' },
  caFileFlag(),
  { name: 'format', value: 'FORMAT', help: 'text or json (default: text)' },
  COLOR_FLAG,
  { name: 'help', short: 'h', help: 'show this help' },
];

/**
 * `inspect [FILE]`: draws the chain, validity, key and pin of a values file or of a bare certificate file; with
 * `--secret NAME` of a Secret in the cluster. Gives no verdict.
 * @returns the exit status: 0 all that was found could be read, 2 something in it could not
 * @throws LintError where the arguments are wrong, or there is nothing to look into
 */
export async function runInspect(args: readonly string[], io: Io): Promise<0 | 2> {
  const given = readArguments(args, INSPECT_FLAGS, 'inspect');
  const format = oneOf(given, 'format', FORMATS, 'inspect');
  const color = oneOf(given, 'color', COLORS, 'inspect');
  const at = timeOf(given, io.now());
  const file = fileOf(given);
  const roots = await rootsOf(given, io);
  const found = file === null ? await inSecret(given, roots, io) : await inFile(file, given, roots, io);
  const { inspect } = await import('../inspect/inspect.ts');
  const inspection = inspect(found, roots, at);
  if (format === 'json') {
    const { formatInspectionJson } = await import('../report/inspection-json.ts');
    io.stdout(formatInspectionJson(inspection, at));
  } else if (inspection.certificates.length > 0 || inspection.key !== null) {
    const { formatInspection } = await import('../report/inspection-text.ts');
    io.stdout(formatInspection(inspection, textLayout(color, 'stdout', io)));
  }
  const unread = found.diagnostics.filter(({ isUnread }) => isUnread).map(({ message }) => message);
  if (unread.length === 0) return 0;
  reportError(unreadProblem(found, unread), io);
  return 2;
}

/** A bare file is named in each message. */
function unreadProblem({ name, source, help }: Found, messages: readonly string[]): LintError {
  const called = escapeUnsafe(redact(name));
  if (messages.length > 1) {
    return new LintError([`${called}: not all of it can be read`, ...messages].join('\n  - '), help);
  }
  return new LintError(source === 'file' ? messages.join() : `${called}: ${messages.join()}`, help);
}

/** Null where a Secret is to be looked into. */
function fileOf(given: Arguments): string | null {
  const [file, ...more] = given.positionals;
  if (more.length > 0) throw new LintError('inspect takes one FILE', seeHelp('inspect'));
  if (!given.has('secret')) {
    if (file === STDIN && given.all('ca-file').includes(STDIN)) {
      throw new LintError('standard input (-) can be given only once', seeHelp('inspect'));
    }
    return file ?? DEFAULT_FILE;
  }
  if (file !== undefined) {
    throw new LintError(
      `--secret looks into the cluster, so no FILE can be given: ${quote(file)}`,
      'Leave one of the two out.',
    );
  }
  if (given.has('root')) {
    throw new LintError(
      '--root says where values sit in a file, and --secret reads none',
      seeHelp('inspect'),
    );
  }
  return null;
}

async function rootsOf(given: Arguments, io: Io): Promise<KnownRoots | null> {
  const files = given.all('ca-file');
  if (files.length === 0) return null;
  const { readCaFiles } = await import('../options/ca-file.ts');
  return readCaFiles(files, io);
}

async function inFile(file: string, given: Arguments, roots: KnownRoots | null, io: Io): Promise<Found> {
  const root = parseRoot(given);
  const { bytes, name } = readInput(file, io);
  const { foundInFile } = await import('../inspect/in-file.ts');
  const found = foundInFile(bytes, name, roots);
  if (found !== null) {
    if (root.length === 0) return found;
    throw new LintError(
      `--root says where values sit, and ${escapeUnsafe(redact(name))} is no values file`,
      'Leave --root out, or name the values file.',
    );
  }
  const { foundInValues } = await import('../inspect/in-values.ts');
  return foundInValues(bytes, name, root, roots);
}

async function inSecret(given: Arguments, roots: KnownRoots | null, io: Io): Promise<Found> {
  const name = given.last('secret') ?? '';
  if (name.length > LONGEST_NAME || !SECRET_NAME.test(name)) {
    throw new LintError(
      `--secret ${quote(name)} is no name that a Secret can have`,
      'Names of Secrets are listed by:\n  kubectl get secrets --namespace NAMESPACE',
    );
  }
  const { readSecret } = await import('../helm/secret.ts');
  const { foundInSecret } = await import('../inspect/in-secret.ts');
  return foundInSecret(await readSecret(helmFrom(given, io), name), roots);
}
