import { isPrintable, shellFile, shellWord } from '../../text/shell.ts';
import type { LiveSecret } from '../../values/live-secret.ts';
import type { SettingName } from '../../values/settings.ts';
import type { Context } from '../rule.ts';
import type { Target } from './target.ts';
import { show } from './words.ts';

/** The user's files, by their names on Lightrun's page. */
export const OWN_FILES = {
  leaf: 'my-cert.crt',
  intermediate: 'intermediate.crt',
  root: 'root.crt',
  chain: 'full-chain.crt',
  key: 'my-cert.key',
  /** What they were handed over as. */
  p12: 'my-cert.pfx',
  p7b: 'my-cert.p7b',
} as const;

/** What `encode` takes from files; the rest it takes from the values file that it writes. */
export interface EncodeFiles {
  /** Certificates in place of those in the values. */
  cert?: readonly string[];
  /** Certificates beside those in the values. */
  add?: readonly string[];
  /** The public root at the top, which this program knows. */
  'add-root'?: true;
  key?: string;
  p12?: string;
}

/**
 * The lines that put files of the user into the values, or into the live Secret.
 * @returns none where there is nothing that they could edit, such as for standard input
 */
export function encodeFiles({ target, options }: Context, files: EncodeFiles): readonly string[] {
  const { file, root, live } = target;
  if (live !== null) return files.cert || files.key ? replaceSecret(live, files) : [];
  const { program, caFiles } = options.invocation;
  if (file === null || !isPrintable(file, ...root, ...caFiles)) return [];
  const flags = Object.entries(files).flatMap(([name, value]) => [
    `--${name}`,
    ...(value === true ? [] : [value].flat().map(shellFile)),
  ]);
  return [[program, 'encode', ...flags, '--write', shellFile(file), ...checkFlags(root, caFiles)].join(' ')];
}

/** The same from the user's own files of these values, and of the other where that cannot be used either. */
export function encodeOwn(context: Context, ...about: readonly SettingName[]): readonly string[] {
  const { material } = context.target;
  const isChainUsable = !about.includes('crt') && material?.chain != null;
  const isKeyUsable = !about.includes('key') && material?.privateKey?.state === 'opened';
  return encodeFiles(context, {
    ...(isChainUsable ? {} : { cert: [OWN_FILES.chain] }),
    ...(isKeyUsable ? {} : { key: OWN_FILES.key }),
  });
}

/** The same from the PKCS#7 file in which a CA handed the certificates over; it holds no private key. */
export function encodePkcs7(context: Context): readonly string[] {
  const isKeyUsable = context.target.material?.privateKey?.state === 'opened';
  return encodeFiles(context, {
    cert: [OWN_FILES.p7b],
    ...(isKeyUsable ? {} : { key: OWN_FILES.key }),
  });
}

/** The line that fixes a file in place; null where its name cannot be printed. */
export function lintFix(
  { program, caFiles }: Context['options']['invocation'],
  root: readonly string[],
  file: string,
): string | null {
  if (!isPrintable(file, ...root, ...caFiles)) return null;
  return [program, 'lint', '--fix', ...checkFlags(root, caFiles), shellFile(file)].join(' ');
}

function checkFlags(root: readonly string[], caFiles: readonly string[]): string[] {
  const place = root.length > 0 ? ['--root', shellWord(root.join('.'))] : [];
  return [...place, ...caFiles.flatMap((file) => ['--ca-file', shellFile(file)])];
}

/** `kubectl replace` keeps no copy of the private key in an annotation, as `kubectl apply` does. */
function replaceSecret({ name, namespace }: LiveSecret, files: EncodeFiles): readonly string[] {
  if (!isPrintable(name, namespace)) return [];
  const [crt = OWN_FILES.chain, key = OWN_FILES.key] = [files.cert?.[0], files.key];
  return [
    `kubectl create secret tls ${shellWord(name)} --namespace ${shellWord(namespace)} --cert=${shellFile(crt)} --key=${shellFile(key)} --dry-run=client -o yaml | kubectl replace -f -`,
  ];
}

/** Joins the files of a chain, each ended by a line break; `cat` does not add one. */
const JOIN_CHAIN = 'awk 1 my-cert.crt intermediate.crt root.crt';

/** What JOIN_CHAIN is written to. No printed command may write over a file that the user can have. */
const JOINED = 'full-chain.joined.crt';

const OWN = { crt: 'full-chain.crt', key: 'my-cert.key' } as const;

const FILES = { crt: JOIN_CHAIN, key: `cat ${OWN.key}` } as const;

/** Commands that encode one of the two values again, for Linux and macOS: for the values, or into the live Secret. */
export function encodeCommand({ live }: Target, value: 'crt' | 'key'): string {
  if (live === null) return `${FILES[value]} | base64 | tr -d '\\n'`;
  if (value === 'key') return makeSecret(live);
  return `${JOIN_CHAIN} > ${JOINED}\n  ${makeSecret(live, { crt: JOINED })}`;
}

/** The same from one file. */
export function encodeFile({ live }: Target, value: 'crt' | 'key', file: string): string {
  return live === null ? `base64 < ${file} | tr -d '\\n'` : makeSecret(live, { [value]: file });
}

const ORDERED = 'full-chain.ordered.crt';

/** The same from the files of a chain in their right order. */
export function encodeChain({ live }: Target, files: readonly string[]): string {
  const join = `cat ${files.join(' ')}`;
  if (live === null) return `${join} | base64 | tr -d '\\n'`;
  return `${join} > ${ORDERED}\n  ${makeSecret(live, { crt: ORDERED })}`;
}

/** A command that makes a Secret, or replaces what is in it. */
export function makeSecret(
  { name, namespace }: LiveSecret,
  { crt = OWN.crt, key = OWN.key }: { crt?: string; key?: string } = {},
): string {
  return `kubectl create secret tls ${show(name)} --namespace ${show(namespace)} --cert=${crt} --key=${key} --dry-run=client -o yaml | kubectl apply -f -`;
}
