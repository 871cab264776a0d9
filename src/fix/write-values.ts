import { LintError } from '../errors.ts';
import { type Input, readInput, STDIN } from '../files/read.ts';
import { replaceFile } from '../files/write.ts';
import type { Io } from '../io.ts';
import { issuersApart } from '../rules/shared/misplaced.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { trimSpace } from '../text/trim.ts';
import { type EditDiagnostic, editValues, type ValueEdit } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
import { isUnset, readSettings, type Settings } from '../values/settings.ts';
import type { Entry, Values } from '../values/values.ts';
import { yamlKey, yamlString } from '../values/yaml/scalar.ts';
import { pemText } from '../x509/pem-block.ts';
import type { PemPair } from './chain.ts';
import { certificatesOf } from './misplaced.ts';
import { joinPasted } from './pasted.ts';

/** A values file that is to be edited. */
export interface OpenValues {
  /** Its path. */
  file: string;
  /** As it is on disk. */
  bytes: Buffer;
  /** The text that is edited: with what was pasted in lines put on one, where only that can be read. */
  readable: Buffer;
  values: Values;
}

/**
 * Reads a values file that is to be edited in place.
 * @param file its path
 * @throws LintError where it cannot be read, or is something else
 */
export async function openValues(file: string, io: Io): Promise<OpenValues> {
  if (file === STDIN) {
    throw new LintError(
      '--write edits a file in place, which standard input (-) is not',
      'Name the file itself.',
    );
  }
  const { bytes, name } = readInput(file, io);
  const readable = await readableOf({ bytes, name });
  const read = await readValues(readable, name);
  if (!read.ok) throw cannotEdit(name, { kind: 'syntax', diagnostic: read.diagnostic });
  const { values } = read;
  if (values.get(['kind']).present && values.get(['apiVersion']).present) {
    throw new LintError(
      `${displayFile(name)} is a Kubernetes manifest and not a values file, so nothing was written`,
      'Name the values file with --write.',
    );
  }
  return { file, bytes, readable, values };
}

async function readableOf({ bytes, name }: Input): Promise<Buffer> {
  return (await joinPasted(bytes, name))?.bytes ?? bytes;
}

/**
 * Writes a certificate and its private key into a values file, in place, and empties `existing_cert` where it is set.
 * Says on standard error what changed.
 * @param root where the Lightrun chart's values are; empty for the top
 * @returns the new content of the file
 * @throws LintError where the file cannot be edited or replaced; then it has not changed
 */
export async function writeIntoValues(
  { file, bytes, readable, values }: OpenValues,
  root: readonly string[],
  pair: PemPair,
  io: Io,
): Promise<Buffer> {
  const { existingCert, ...settings } = readSettings(values, root);
  const text = encodedPair(pair);
  const taken = issuersTaken({ values, settings: { ...settings, existingCert } }, pair);
  const isEmptied = !isUnset(existingCert.value);
  const changed = (['crt', 'key'] as const).filter(
    (about) => trimSpace(String(settings[about].value)) !== text[about],
  );
  const edits: ValueEdit[] = [
    ...(isEmptied ? [{ path: existingCert.path, text: '' }] : []),
    ...changed.map((about) => ({ path: settings[about].path, text: text[about] })),
    ...taken.map(({ path }) => ({ path, text: null })),
  ];
  if (edits.length === 0 && readable === bytes) {
    io.stderr(`${displayFile(file)}: nothing to change\n`);
    return bytes;
  }
  const edited = await editValues(readable, file, edits);
  if (!edited.ok) throw cannotEdit(file, edited.diagnostic);
  const notes = replaceFile(file, bytes, edited.bytes);
  const written = changed.map((about) => displayPath(settings[about].path)).join(' and ');
  const what = [
    ...(readable === bytes ? [] : ['what was pasted in lines was joined']),
    ...(changed.length > 0 ? [`${written} ${changed.length === 1 ? 'was' : 'were'} written`] : []),
    ...(isEmptied ? [`${displayPath(existingCert.path)} was emptied`] : []),
    ...taken.map(
      ({ path }) => `${displayPath(path)} was removed, since ${displayPath(settings.crt.path)} holds it`,
    ),
  ];
  for (const line of [what.join(', and '), ...notes]) io.stderr(`${displayFile(file)}: ${line}\n`);
  return edited.bytes;
}

/** Keys such as `tls.ca` whose certificates the chain holds: the chart does not read them. */
function issuersTaken(target: { values: Values; settings: Settings }, { crt }: PemPair): Entry[] {
  return issuersApart(target).filter((entry) =>
    certificatesOf(entry)?.every(({ der }) => crt.includes(pemText('CERTIFICATE', der))),
  );
}

function cannotEdit(name: string, diagnostic: EditDiagnostic): LintError {
  const shown = displayFile(name);
  if (diagnostic.kind === 'syntax') {
    const { reason, help, location } = diagnostic.diagnostic;
    return new LintError(`${shown}:${location.line}: ${reason}, so nothing was written`, help);
  }
  return new LintError(
    `${shown}: ${displayPath(diagnostic.path)} cannot be set without changing other values, so nothing was written`,
    'Its parent is not a mapping, or other values share it through an anchor. Write a separate mapping there, then run the command again.',
  );
}

const KEY_END = 'PRIVATE KEY-----';

/**
 * Refuses to overwrite a private key, which may be the only copy. That a file cannot be read or edited is left to
 * `writeIntoValues` to say.
 * @param file a values file
 * @param root where the Lightrun chart's values are; empty for the top
 * @throws LintError where one of the two values holds a private key
 */
export async function guardExistingKey(file: string, root: readonly string[], io: Io): Promise<void> {
  if (file === STDIN) return;
  const input = readInput(file, io);
  const { name } = input;
  const read = await readValues(await readableOf(input), name);
  if (!read.ok) return;
  const { crt, key } = readSettings(read.values, root);
  const holder = [key, crt].find(({ value }) => holdsKey(value));
  if (holder === undefined) return;
  throw new LintError(
    `${displayFile(name)}: ${displayPath(holder.path)} already holds a private key, so nothing was written`,
    'Name another file; or, if nobody needs that key any more, add --force to overwrite it.',
  );
}

function holdsKey(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return value.includes(KEY_END) || Buffer.from(value, 'base64').includes(KEY_END);
}

/** Both as values.yaml holds them: base64 (RFC 4648 section 4) on one line each. */
function encodedPair({ crt, key }: PemPair): PemPair {
  const encoded = (pem: string) => Buffer.from(pem, 'latin1').toString('base64');
  return { crt: encoded(crt), key: encoded(key) };
}

/**
 * The `certificate:` block for values.yaml.
 * @param root where the Lightrun chart's values are; empty for the top
 * @returns YAML that ends with a line break
 */
export function certificateBlock(pair: PemPair, root: readonly string[]): string {
  const { crt, key } = encodedPair(pair);
  const keys = [...root, 'certificate'].map((name, depth) => `${indent(depth)}${yamlKey(name)}:`);
  const depth = keys.length;
  return [
    ...keys,
    `${indent(depth)}existing_cert: ""`,
    `${indent(depth)}tls:`,
    `${indent(depth + 1)}crt: ${yamlString(crt)}`,
    `${indent(depth + 1)}key: ${yamlString(key)}`,
    '',
  ].join('\n');
}

const indent = (depth: number): string => '  '.repeat(depth);
