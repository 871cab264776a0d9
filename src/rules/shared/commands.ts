import { displayPath } from '../../text/display.ts';
import { isPrintable, shellFile, shellWord } from '../../text/shell.ts';
import type { LiveSecret } from '../../values/live-secret.ts';
import { isSet, type SettingName } from '../../values/settings.ts';
import { STDIN_NAME } from '../../values/values.ts';
import { UNKNOWN_FULLNAME } from '../../values/workloads.ts';
import type { Context, Invocation } from '../rule.ts';
import type { Target, UpgradeFacts } from './target.ts';
import { publicName } from './words.ts';

/** The type of the Secrets that an Ingress reads. */
export const TLS_SECRET = 'kubernetes.io/tls';

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
  const { program, caFiles, kubectl } = options.invocation;
  if (live !== null) return files.cert || files.key ? replaceSecret({ live, kubectl }, files) : [];
  if (file === null || !isPrintable(file, ...caFiles) || !isShown(root)) return [];
  const all = withKeptHalf(target, file, files);
  if (all === null) return [];
  const flags = Object.entries(all).flatMap(([name, value]) => [
    `--${name}`,
    ...(value === true ? [] : [value].flat().map(shellFile)),
  ]);
  return [[program, 'encode', ...flags, '--write', shellFile(file), ...checkFlags(root, caFiles)].join(' ')];
}

/**
 * `encode --write` keeps what that file holds. In a merged set the half that stays may come from another file, and has
 * to be named; null where it, or what is to be replaced, comes from standard input or a flag, which would win again.
 */
function withKeptHalf({ settings }: Target, file: string, files: EncodeFiles): EncodeFiles | null {
  const isReplaced = { crt: Boolean(files.cert ?? files.p12), key: Boolean(files.key ?? files.p12) };
  const from: { cert?: readonly string[]; key?: string } = {};
  for (const about of ['crt', 'key'] as const) {
    const { present, location } = settings[about];
    if (!present) continue;
    if (location === null || (!isReplaced[about] && location.file === STDIN_NAME)) return null;
    if (isReplaced[about] || location.file === file) continue;
    if (!isPrintable(location.file)) return null;
    if (about === 'crt') from.cert = [location.file];
    else from.key = location.file;
  }
  return { ...from, ...files };
}

const MOST_HOSTS = 5;

/**
 * The line that makes a request to a CA with the names of the present certificate, for the private key in the values.
 * @param release the release's name, where `request` needs it; null where that is not known
 * @returns null where there is no file to take the key from
 */
export function requestAgain(
  { target, options }: Context,
  names: readonly string[],
  release: string | null,
): string | null {
  const { file, root, source, settings } = target;
  const isHeld = file !== null && source === 'inline' && settings.key.location?.file === file;
  if (!isHeld || !isPrintable(file) || !isShown(root)) return null;
  const hosts = names.filter((name) => /^[\w*.:-]+$/.test(name));
  if (hosts.length === 0 || hosts.length < names.length || hosts.length > MOST_HOSTS) return null;
  return [
    options.invocation.program,
    'request',
    ...hosts.map((host) => `--host ${shellWord(host)}`),
    `--values ${shellFile(file)}`,
    ...(isSet(settings.nameOverride.value)
      ? []
      : [`--release ${release === null ? 'NAME' : shellWord(release)}`]),
    ...checkFlags(root, []),
  ].join(' ');
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
  { program, caFiles }: Invocation,
  root: readonly string[],
  file: string,
): string | null {
  if (!isPrintable(file, ...caFiles) || !isShown(root)) return null;
  return [program, 'lint', '--fix', ...checkFlags(root, caFiles), shellFile(file)].join(' ');
}

/** Whether the keys of a root can be printed as they are. */
function isShown(root: readonly string[]): boolean {
  return displayPath(root) === root.join('.');
}

function checkFlags(root: readonly string[], caFiles: readonly string[]): string[] {
  const place = root.length > 0 ? ['--root', shellWord(root.join('.'))] : [];
  return [...place, ...caFiles.flatMap((file) => ['--ca-file', shellFile(file)])];
}

/** The line that makes a Secret of the user's own files where there is none, after its namespace. */
export function createSecret({ name, namespace, isNamespaceMissing }: LiveSecret, kubectl: string): string[] {
  return [
    ...(isNamespaceMissing ? [`${kubectl} create namespace ${shellWord(namespace)}`] : []),
    `${kubectl} create secret tls ${placeOf({ name, namespace })} --cert=${OWN_FILES.chain} --key=${OWN_FILES.key}`,
  ];
}

/**
 * The line that puts the user's own files into a Secret that is there. Server-side apply keeps labels, and no copy of
 * the private key in an annotation; an immutable Secret, or one of another type, can only be made again.
 */
function replaceSecret(
  { live, kubectl }: { live: LiveSecret; kubectl: string },
  files: EncodeFiles,
): string[] {
  const [crt = OWN_FILES.chain, key = OWN_FILES.key] = [files.cert?.[0], files.key];
  const made = `${kubectl} create secret tls ${placeOf(live)} --cert=${shellFile(crt)} --key=${shellFile(key)} --dry-run=client -o yaml`;
  const put = isRemadeOnly(live) ? 'replace --force' : 'apply --server-side --force-conflicts';
  return [`${made} | ${kubectl} ${put} -f -`];
}

/** The line that fixes a Secret where it is: its private key goes through no file and no argument. */
export function fixSecret(live: LiveSecret, { program, kubectl, caFiles }: Invocation): string | null {
  if (!isPrintable(...caFiles)) return null;
  const fix = [program, 'lint', '--fix', ...checkFlags([], caFiles), '-'].join(' ');
  const replace = live.found?.isImmutable ? 'replace --force' : 'replace';
  return `${kubectl} get secret ${placeOf(live)} -o yaml | ${fix} | ${kubectl} ${replace} -f -`;
}

/** The line that gives a Secret the type of a TLS Secret: a type cannot be changed, so it is made again. */
export function retypeSecret(live: LiveSecret, kubectl: string): string {
  const retyped = String.raw`sed 's/^type: .*/type: kubernetes.io\/tls/'`;
  return `${kubectl} get secret ${placeOf(live)} -o yaml | ${retyped} | ${kubectl} replace --force -f -`;
}

function isRemadeOnly({ found }: LiveSecret): boolean {
  return found !== null && (found.isImmutable || found.type !== TLS_SECRET);
}

function placeOf({ name, namespace }: Pick<LiveSecret, 'name' | 'namespace'>): string {
  return `${shellWord(name)} --namespace ${shellWord(namespace)}`;
}

/**
 * The line that restarts what keeps the certificate before.
 * @returns null where there is nothing to restart
 */
export function restartLine({ options, show }: Context, { byHand, namespace }: UpgradeFacts): string | null {
  if (byHand.length === 0) return null;
  const words = [...byHand, ...(namespace === null ? [] : ['--namespace', namespace])];
  const shown = words.map((word) => {
    const isPlaceholder = word.includes(UNKNOWN_FULLNAME);
    return isPlaceholder ? word : shellWord(show(word, 'object name'));
  });
  return [options.invocation.kubectl, 'rollout', 'restart', ...shown].join(' ');
}

/** Where to change what is in a Secret that its owner would write over again; null where it has none. */
export function ownerAdvice({ found }: LiveSecret): string | null {
  const owner = found?.owner;
  if (!owner) return null;
  const name = publicName(owner.name);
  switch (owner.kind) {
    case 'cert-manager':
      return `cert-manager writes this Secret from the Certificate ${name}, and would write it over again: change that Certificate, or its issuer, instead.`;
    case 'Helm':
      return `The Helm release ${name} makes this Secret, and would write it over again: change the values of that release instead.`;
    case 'Argo CD':
    case 'Flux':
      return `${owner.kind} applies this Secret (${name}), and would write it over again: change it in its Git repository instead.`;
    default:
      return `The ${publicName(owner.kind)} ${name} owns this Secret, and would write it over again: change that instead.`;
  }
}
