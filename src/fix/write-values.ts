import { LintError } from '../errors.ts';
import { readInput, STDIN } from '../files/read.ts';
import { replaceFile } from '../files/write.ts';
import type { Io } from '../io.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { type EditDiagnostic, editValues, type ValueEdit } from '../values/edit.ts';
import { readValues } from '../values/read.ts';
import { isUnset, readSettings } from '../values/settings.ts';
import { yamlKey, yamlString } from '../values/yaml/scalar.ts';

/** A certificate chain and its private key, as the chart takes them. */
export interface PemPair {
  /** Certificates in PEM, in order: leaf, intermediates, root. */
  crt: string;
  /** One private key in PEM, PKCS#8 or PKCS#1. */
  key: string;
}

/**
 * Writes a certificate and its private key into a values file, in place, and empties `existing_cert` where it is set.
 * Says so on standard error.
 * @param file its path
 * @param root where the Lightrun chart's values are; empty for the top
 * @returns the new content of the file
 * @throws LintError where the file cannot be read, edited or replaced; then it has not changed
 */
export async function writeIntoValues(
  file: string,
  root: readonly string[],
  pair: PemPair,
  io: Io,
): Promise<Buffer> {
  if (file === STDIN) {
    throw new LintError(
      '--write edits a file in place, which standard input (-) is not',
      'Name the file itself.',
    );
  }
  const { bytes, name } = readInput(file, io);
  const values = await readValues(bytes, name);
  if (!values.ok) throw cannotEdit(name, { kind: 'syntax', diagnostic: values.diagnostic });
  const { existingCert, crt, key } = readSettings(values.values, root);
  const text = encodedPair(pair);
  const isEmptied = !isUnset(existingCert.value);
  const edits: ValueEdit[] = [
    ...(isEmptied ? [{ path: existingCert.path, text: '' }] : []),
    { path: crt.path, text: text.crt },
    { path: key.path, text: text.key },
  ];
  const edited = await editValues(bytes, name, edits);
  if (!edited.ok) throw cannotEdit(name, edited.diagnostic);
  const notes = replaceFile(file, bytes, edited.bytes);
  const emptied = isEmptied ? `, and ${displayPath(existingCert.path)} was emptied` : '';
  io.stderr(
    `${displayFile(name)}: ${displayPath(crt.path)} and ${displayPath(key.path)} were written${emptied}\n`,
  );
  for (const note of notes) io.stderr(`${displayFile(name)}: ${note}\n`);
  return edited.bytes;
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
  const { bytes, name } = readInput(file, io);
  const read = await readValues(bytes, name);
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
