import type { KeyObject } from 'node:crypto';
import type { FindOptions } from '../delivery/find.ts';
import { mayHoldReleases } from '../delivery/may-hold-releases.ts';
import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { readLooseBlocks, readPkcs12File } from '../fix/loose-files.ts';
import { mayBeValues, severalSecrets } from '../fix/pair-files.ts';
import { readVaultAnswer } from '../fix/vault.ts';
import { differingFirst } from '../lint/lint.ts';
import { readTarget } from '../lint/target.ts';
import { readSecretManifest, type SecretManifest } from '../manifests/secret-manifest.ts';
import { privateKeysOf, type Target } from '../rules/shared/target.ts';
import { ordinal } from '../text/amount.ts';
import { display, displayFile, displayPath } from '../text/display.ts';
import { MAX_NAME_LENGTH } from '../text/names.ts';
import { redact } from '../text/redact.ts';
import { PROGRAM, shellFile, shellWord } from '../text/shell.ts';
import type { LiveSecret } from '../values/live-secret.ts';
import { readValues } from '../values/read.ts';
import { isSet, type SettingName } from '../values/settings.ts';
import { resolvedText, resolverOf } from '../values/unresolved.ts';
import { STDIN_NAME } from '../values/values.ts';
import type { Base64Diagnostic } from '../x509/base64.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { foreignFormat } from '../x509/foreign-format.ts';
import { FORMAT_NAMES, type ForeignFormat } from '../x509/format-names.ts';
import { type EncodedMaterial, type Material, readMaterial } from '../x509/material.ts';
import { type PemFacts, readPem } from '../x509/pem.ts';
import { pemText } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { withCaCrt } from '../x509/roots.ts';
import { MAX_SECRET_SIZE } from '../x509/secret-size.ts';

/** What there is to inspect, and where. */
export interface Found {
  /** The file's name, `<stdin>`, or `Secret NAMESPACE/NAME`; untrusted text. */
  name: string;
  source: 'values' | 'file' | 'secret';
  /** Null where there is neither a certificate nor a key to read. */
  material: Material | null;
  /** The values that hold it; null for bare files and Secrets. */
  target: Target | null;
  diagnostics: readonly Diagnostic[];
  /** What to do about the diagnostics, for people. */
  help: string;
}

/** What keeps a certificate or key from being read, or is unusual about it. Not a finding: `lint` checks. */
export interface Diagnostic {
  /** One sentence without a full stop; safe to show. */
  message: string;
  /** Whether something could therefore not be read at all. */
  isUnread: boolean;
}

/**
 * Reads the certificate of the one release in a file of delivery manifests.
 * @returns null where the file holds no release of Lightrun
 * @throws LintError where it holds several, or its certificate is not in it
 */
export async function foundInRelease(input: Input, options: FindOptions & Trust): Promise<Found | null> {
  if (!mayHoldReleases(input.bytes)) return null;
  const { findReleases } = await import('../delivery/find.ts');
  const [first, ...others] = (await findReleases(input, options)).releases;
  const called = displayFile(input.name);
  if (first === undefined) return null;
  if (others.length > 0) {
    throw new LintError(
      `${called} holds ${others.length + 1} releases of Lightrun`,
      'Leave only one of them in the file.',
    );
  }
  const { release, values } = first;
  const name = `${input.name} (${release.kind} ${redact(release.name, 'object name')})`;
  return foundIn(name, await readTarget(name, values, options.root, options, null, null), called, []);
}

/**
 * Reads the certificate that a values file holds.
 * @param name the file's; untrusted text
 * @param root the path of the Lightrun chart's values; empty for the top
 * @throws LintError where the file cannot be read, or holds no certificate
 */
export async function foundInValues(
  bytes: Buffer,
  name: string,
  root: readonly string[],
  trust: Trust,
): Promise<Found> {
  const read = await readValues(bytes, name);
  const called = displayFile(name);
  if (!read.ok) {
    const { reason, help, location } = read.diagnostic;
    throw new LintError(`${called}:${location.line}: ${reason}`, help);
  }
  const target = await readTarget(name, read.values, root, trust, null, null);
  return foundIn(name, target, called, differingFirst(read, root) === null ? [] : [DOCUMENTS]);
}

function foundIn(name: string, target: Target, called: string, diagnostics: readonly Diagnostic[]): Found {
  if (target.source === 'missing') throw nothingSet(target, called);
  if (target.source === 'existing-secret') throw inSecret(target, called);
  return {
    name,
    source: 'values',
    material: target.material,
    target,
    diagnostics: [...diagnostics, ...valuesDiagnostics(target)],
    help: helpFor(target, called),
  };
}

const DOCUMENTS: Diagnostic = {
  message: 'the file holds several documents: Helm 4 reads what is shown here, Helm 3 reads something else',
  isUnread: false,
};

function nothingSet({ settings }: Target, called: string): LintError {
  const [secret, tls] = [displayPath(settings.existingCert.path), displayPath(settings.tls.path)];
  return new LintError(
    `${called} holds no certificate: neither ${secret} nor ${tls} is set`,
    'Name the file that holds it. In an umbrella chart, say where the values of Lightrun are, such as --root lightrun.',
  );
}

function inSecret(target: Target, called: string): LintError {
  const { value, path } = target.settings.existingCert;
  const keys = privateKeysOf(target);
  const resolver = resolverOf(value);
  if (resolver) {
    return new LintError(
      `${called}: ${displayPath(path)} names a Secret, but ${resolver.name} has yet to fill in its name`,
      `Inspect that Secret once the name is known:\n  ${secretCommand('NAME')}`,
    );
  }
  const secret = display(String(value), 'object name', MAX_NAME_LENGTH, keys);
  return new LintError(
    `${called}: ${displayPath(path)} names the Secret ${secret}, so the certificate is in the cluster and not in this file`,
    `Inspect the Secret:\n  ${secretCommand(secret)}`,
  );
}

function secretCommand(name: string): string {
  return `${PROGRAM} inspect --secret ${name} --namespace NAMESPACE`;
}

function valuesDiagnostics(target: Target): Diagnostic[] {
  const { settings, source, material } = target;
  const keys = privateKeysOf(target);
  const path = (name: SettingName) => displayPath(settings[name].path);
  const ignored: Diagnostic[] =
    source === 'conflict'
      ? [
          {
            message: `${path('existingCert')} is set too and takes precedence: the chart uses the Secret ${display(String(settings.existingCert.value), 'object name', MAX_NAME_LENGTH, keys)}, not what is shown here`,
            isUnread: false,
          },
        ]
      : [];
  const unusable = (['certificate', 'tls', 'crt', 'key'] as const).flatMap((name) => {
    const reason = reasonUnread(name, settings[name].value);
    return reason === null ? [] : [unread(`${path(name)} ${reason}`)];
  });
  const found = material === null ? [] : diagnosticsOf(material, { crt: path('crt'), key: path('key') });
  return [...ignored, ...unusable, ...found];
}

/** Why a value that is set cannot be read: it is not a string, or not a mapping that could hold one. */
function reasonUnread(name: 'certificate' | 'tls' | 'crt' | 'key', value: unknown): string | null {
  const resolver = resolverOf(value);
  if (resolver) return `cannot be read: ${resolver.name} has yet to fill it in`;
  if (!isSet(value)) return null;
  const wanted = name === 'crt' || name === 'key' ? 'string' : 'object';
  if (typeof value === wanted && !Array.isArray(value)) return null;
  return wanted === 'string' ? 'is not a string' : 'is not a mapping, so it cannot hold a certificate';
}

function helpFor({ root, settings, name }: Target, called: string): string {
  const file = name === STDIN_NAME ? '-' : called;
  const word = file === name ? shellFile(file) : file;
  for (const { value } of [settings.certificate, settings.tls, settings.crt, settings.key]) {
    const resolver = resolverOf(value);
    if (resolver) return `Inspect the values after that:\n  ${inspecting(resolver.command, fileWord(name))}`;
  }
  const place = displayPath(root);
  const below = root.length > 0 ? ` --root ${place === root.join('.') ? shellWord(place) : place}` : '';
  return `${PROGRAM} lint${below} ${word} says how to fix it.`;
}

function inspecting(command: string, file: string): string {
  return command.replace('lightrun-cert lint', 'lightrun-cert inspect').replace(/\bFILE\b/, () => file);
}

const HELP = 'Get a fresh copy of the file.';

/**
 * Reads a file that is not a values file but holds certificates, a key or both.
 * @param name the file's; untrusted text
 * @param passphrase tried on an encrypted private key; null for none
 * @returns null where it may be a values file, or is a PKCS#12 file
 */
export function foundInFile(
  bytes: Buffer,
  name: string,
  trust: Trust,
  passphrase: string | null = null,
): Found | null {
  const file = readLooseFile(bytes);
  if (file === null) return null;
  const called = displayFile(name);
  const nothing = (message: string, help: string): Found => ({
    name,
    source: 'file',
    material: null,
    target: null,
    diagnostics: [unread(message)],
    help,
  });
  switch (file.kind) {
    case 'foreign':
      return nothing(
        `${called} is ${FORMAT_NAMES[file.format]}`,
        file.format === 'jks' ? jksHelp(name) : 'Name a file with a certificate or a private key.',
      );
    case 'other-pem':
      return nothing(
        `${called} holds neither a certificate nor a private key, but: ${labelsOf(file.blocks)}`,
        'Name a file with -----BEGIN CERTIFICATE----- in it.',
      );
    case 'parts': {
      const material = readMaterial(encoded(file.crt), encoded(file.key), passphrase, trust);
      const diagnostics = [
        ...(file.isRepaired ? [{ message: `${called} ${REPAIRED}`, isUnread: false }] : []),
        ...diagnosticsOf(material, { crt: called, key: called }),
      ];
      const isLocked = material.privateKey?.state === 'locked';
      return {
        name,
        source: 'file',
        material,
        target: null,
        diagnostics,
        help: isLocked ? unlockHelp(name) : file.isRepaired ? REPAIR : HELP,
      };
    }
  }
}

const REPAIRED = 'is not PEM that OpenSSL reads; what is shown is what encode makes of it';
const REPAIR = `${PROGRAM} encode writes it as it has to be.`;

/** A file's name as a word of a shell, or what stands for it. */
function fileWord(name: string): string {
  return name === STDIN_NAME || displayFile(name) !== name ? 'FILE' : shellFile(name);
}

function unlockHelp(name: string): string {
  return `Name a file with the passphrase of the key in its first line:\n  ${PROGRAM} inspect ${fileWord(name)} --passphrase-file FILE`;
}

/** `keytool` writes over what is there, so the certificates only go to the next command. */
function jksHelp(name: string): string {
  return `Inspect its certificates:\n  keytool -list -rfc -keystore ${fileWord(name)} | ${PROGRAM} inspect -`;
}

/**
 * What a PKCS#12 file holds, once it is open.
 * @param name the file's; untrusted text
 */
export function foundInPkcs12(
  { certificates, keys }: { certificates: readonly Buffer[]; keys: readonly KeyObject[] },
  name: string,
  trust: Trust,
): Found {
  const called = displayFile(name);
  const [key, ...others] = keys;
  const crt = certificates.map((der) => pemText('CERTIFICATE', der)).join('');
  const pkcs8 = key?.export({ type: 'pkcs8', format: 'pem' }).toString() ?? null;
  const material = readMaterial(encoded(crt || null), encoded(pkcs8), null, trust);
  const several = `${called} holds ${keys.length} private keys, of which the first is shown`;
  const nothing = `${called} holds neither a certificate nor a private key`;
  return {
    name,
    source: 'file',
    material,
    target: null,
    diagnostics: [
      ...(others.length > 0 ? [{ message: several, isUnread: false }] : []),
      ...(crt === '' && key === undefined ? [unread(nothing)] : []),
      ...diagnosticsOf(material, { crt: called, key: called }),
    ],
    help: 'Export it again, with the certificate and its private key.',
  };
}

/**
 * What a Secret manifest or an answer of Vault holds.
 * @param name the file's; untrusted text
 * @returns null where the file is neither
 * @throws LintError where it holds several Secrets to choose from
 */
export async function foundInPairFile(bytes: Buffer, name: string, trust: Trust): Promise<Found | null> {
  const called = displayFile(name);
  const vault = readVaultAnswer(bytes);
  const secret = vault === null ? await readSecretManifest(bytes) : null;
  if (vault === null && secret === null) return null;
  if (secret !== null && secret.others > 0) throw severalSecrets(called);
  const { crt, key } = vault ?? (secret as SecretManifest);
  const names =
    vault === null ? { crt: 'tls.crt', key: 'tls.key' } : { crt: 'certificate', key: 'private_key' };
  const roots = withCaCrt(trust.roots, secret?.caCrt ?? null);
  const text = (value: string | null) => (vault === null ? resolvedText(value) : encoded(value));
  const material = readMaterial(text(crt), text(key), null, { ...trust, roots });
  const unresolved = (['crt', 'key'] as const).flatMap((about) => {
    const resolver = resolverOf(about === 'crt' ? crt : key);
    return resolver === null
      ? []
      : [unread(`${names[about]} cannot be read: ${resolver.name} has yet to fill it in`)];
  });
  return {
    name,
    source: vault === null ? 'secret' : 'file',
    material,
    target: null,
    diagnostics: [...unresolved, ...diagnosticsOf(material, names)],
    help: vault === null ? `${PROGRAM} lint ${fileWord(name)} says how to fix it.` : HELP,
  };
}

function encoded(pem: string | null): string | null {
  return pem === null ? null : Buffer.from(pem, 'latin1').toString('base64');
}

/** A file that is not a values file. */
export type LooseFile =
  /**
   * Certificates and a private key, each as PEM, one character a byte (latin1); null where there are none. Repaired where
   * the file's own PEM is not what OpenSSL reads.
   */
  | { kind: 'parts'; crt: string | null; key: string | null; isRepaired: boolean }
  /** PEM with neither, but other blocks. */
  | { kind: 'other-pem'; blocks: readonly { label: string }[] }
  | { kind: 'foreign'; format: ForeignFormat };

/** Any key of YAML: what is indented below it is a value. */
const ANY_KEY = /^[ \t]*[\w."'-]+[ \t]*:/m;

/**
 * Recognizes a file by its content: PEM, DER of a certificate, a key or PKCS#7, also wrapped or damaged as `encode` takes
 * it, base64 of one of them, or another format that holds keys and certificates. Never throws.
 * @returns null where it is none of these, and so may be a values file; also for PKCS#12, which needs a passphrase
 */
export function readLooseFile(bytes: Buffer): LooseFile | null {
  const text = bytes.toString('latin1');
  const begin = text.search(/^(\xef\xbb\xbf)?-----BEGIN /m);
  if (begin >= 0) return mayBeValues(bytes) ? null : partsOfPem(bytes, text);
  if (ANY_KEY.test(text.slice(0, Math.max(text.indexOf('-----BEGIN '), 0)))) return null;
  const parts = unwrappedParts(bytes, text.includes('-----BEGIN ') || foreignFormat(bytes) === 'utf16');
  if (parts !== null) return parts;
  const format = foreignFormat(bytes);
  const isNone = format === 'empty' || format === 'unknown' || format === 'pkcs12';
  return isNone ? null : { kind: 'foreign', format };
}

/** What `encode` finds in a file; null where that is nothing. */
function unwrappedParts(bytes: Buffer, isRepaired: boolean): LooseFile | null {
  const { certificates, keys } = readLooseBlocks(bytes);
  if (certificates.length === 0 && keys.length === 0) return null;
  const crt = certificates.map((block) => `${block.text}\n`).join('');
  return { kind: 'parts', crt: crt || null, key: keys[0]?.text ?? null, isRepaired };
}

/** The certificates' part is the whole text where that can be, so that its lines are those of the file. */
function partsOfPem(bytes: Buffer, text: string): LooseFile | null {
  const { blocks, diagnostic } = readPem(bytes);
  const key = blocks.find(isPrivateKeyBlock)?.text ?? null;
  const isPlain = diagnostic === null && blocks.every(({ der }) => !isWrapper(der));
  const parts = isPlain ? null : unwrappedParts(bytes, diagnostic !== null);
  if (parts !== null) return parts;
  if (readPkcs12File(bytes) !== null) return null;
  const hasCertificates = diagnostic !== null || blocks.some(isCertificateBlock);
  if (!hasCertificates && key === null) return { kind: 'other-pem', blocks };
  return { kind: 'parts', crt: hasCertificates ? text : null, key, isRepaired: false };
}

/** Whether a block holds another file, whatever its label says. */
function isWrapper(der: Buffer): boolean {
  const format = foreignFormat(der);
  return format !== 'der-certificate' && format !== 'der-private-key' && format !== 'der';
}

const MOST_KEYS = 5;

/**
 * Reads a Secret of the cluster.
 * @throws LintError where there is none of that name, or it holds neither of the two
 */
export function foundInSecret({ name, namespace, found, going }: LiveSecret, trust: Trust): Found {
  const shownNamespace = display(namespace, 'object name', MAX_NAME_LENGTH);
  const called = `Secret ${display(name, 'object name', MAX_NAME_LENGTH)} in the namespace ${shownNamespace}`;
  if (found === null) {
    throw going === null
      ? new LintError(
          `there is no ${called}`,
          `Correct the name, or name the namespace with --namespace. See which there are: kubectl get secrets --namespace ${shownNamespace}`,
        )
      : new LintError(`the ${called} is being deleted`, 'Wait until it is gone, and create it again.');
  }
  const [crt, key] = [found.crt || null, found.key || null];
  if (crt === null && key === null) {
    throw new LintError(
      `the ${called} holds neither tls.crt nor tls.key`,
      found.keys.length > 0 ? `It holds: ${listed(found.keys)}.` : 'It is empty.',
    );
  }
  const material = readMaterial(crt, key, null, { ...trust, roots: withCaCrt(trust.roots, found.ca) });
  return {
    name: `Secret ${namespace}/${name}`,
    source: 'secret',
    material,
    target: null,
    diagnostics: diagnosticsOf(material, { crt: 'tls.crt', key: 'tls.key' }),
    help: `With values.yaml, which names it, this says how to fix it:\n  ${PROGRAM} lint -f values.yaml --cluster --namespace ${shownNamespace}`,
  };
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, MOST_KEYS).map((name) => display(name, 'object name', MAX_NAME_LENGTH));
  return names.length > MOST_KEYS
    ? `${first.join(', ')} and ${names.length - MOST_KEYS} more`
    : first.join(', ');
}

const LONGEST_LABEL = 60;
const MOST_LABELS = 4;

/**
 * What could not be read of a certificate and its key, and why.
 * @param names what the two are called; safe to show
 */
function diagnosticsOf(material: Material, names: { crt: string; key: string }): Diagnostic[] {
  if (material.size > MAX_SECRET_SIZE) {
    const both = names.crt === names.key ? `${names.crt} holds` : `${names.crt} and ${names.key} hold`;
    return [unread(`${both} more than 1 MiB, too much for a Secret, so nothing was read`)];
  }
  return [
    ...encodedDiagnostics(material.crt, names.crt, 'certificate'),
    ...material.unreadable.map(({ index, line, reason }) =>
      unread(
        `the ${ordinal(index + 1)} certificate in ${names.crt} (its line ${line}) cannot be read: ${reason}`,
      ),
    ),
    ...encodedDiagnostics(material.key, names.key, 'private key'),
    ...keyDiagnostics(material, names.key),
  ];
}

type Wanted = 'certificate' | 'private key';

function encodedDiagnostics(encoded: EncodedMaterial | null, name: string, wanted: Wanted): Diagnostic[] {
  if (encoded === null) return [];
  const { base64, pem } = encoded;
  const message = base64.diagnostic && `${name} ${base64Words(base64.diagnostic)}`;
  return [
    ...(message === null ? [] : [{ message, isUnread: base64.bytes === null }]),
    ...(pem === null ? [] : pemDiagnostics(pem, name, wanted)),
  ];
}

function base64Words(diagnostic: Base64Diagnostic): string {
  switch (diagnostic.kind) {
    case 'not-encoded':
      return 'is PEM text that was not encoded as base64';
    case 'wrapped':
      return 'is base64 with white space in it';
    case 'twice':
      return `was encoded ${diagnostic.times} times`;
    default:
      return 'is not valid base64';
  }
}

function pemDiagnostics({ blocks, diagnostic }: PemFacts, name: string, wanted: Wanted): Diagnostic[] {
  if (diagnostic?.kind === 'missing')
    return [unread(`${name} is ${FORMAT_NAMES[diagnostic.format]}, not PEM`)];
  if (diagnostic !== null)
    return [unread(`OpenSSL cannot read the PEM in ${name} from line ${diagnostic.line} on`)];
  const isWanted = wanted === 'certificate' ? isCertificateBlock : isPrivateKeyBlock;
  return blocks.some(isWanted) ? [] : [unread(`${name} holds no ${wanted}, but: ${labelsOf(blocks)}`)];
}

/** The labels of PEM blocks, each once; safe to show. */
function labelsOf(blocks: readonly { label: string }[]): string {
  const labels = [...new Set(blocks.map(({ label }) => display(label, 'PEM label', LONGEST_LABEL)))];
  const more = labels.length > MOST_LABELS ? [`and ${labels.length - MOST_LABELS} more kinds`] : [];
  return [...labels.slice(0, MOST_LABELS), ...more].join(', ');
}

function keyDiagnostics({ privateKey }: Material, name: string): Diagnostic[] {
  switch (privateKey?.state) {
    case 'locked':
      return [unread(`the private key in ${name} is encrypted, and its passphrase is not known here`)];
    case 'unreadable':
      return [unread(`the private key in ${name} is damaged, or of a kind that OpenSSL does not load`)];
    default:
      return [];
  }
}

/** Something that could not be read. */
function unread(message: string): Diagnostic {
  return { message, isUnread: true };
}
