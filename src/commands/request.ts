import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { LintError } from '../errors.ts';
import { displayNamed } from '../files/named.ts';
import { readInput, STDIN } from '../files/read.ts';
import { createFiles, makeFolder, refuseExisting } from '../files/write.ts';
import { leafIn } from '../fix/chain.ts';
import { heldPart, readPrivateKey } from '../fix/encode-inputs.ts';
import { type PairFile, pairInValues, readPairFile } from '../fix/pair-files.ts';
import type { Io } from '../io.ts';
import type { Command } from '../options/help.ts';
import { REQUEST_HELP, type RequestOptions, requestOptions } from '../options/request.ts';
import { displayFile, displayPath, escapeUnsafe, quote } from '../text/display.ts';
import { isHostName } from '../text/names.ts';
import { isPrintable, PROGRAM, shellFile, shellWord } from '../text/shell.ts';
import { readValues } from '../values/read.ts';
import { fullnameOf, isSet, readSettings, type Settings, verifiesBackend } from '../values/settings.ts';
import { readBase64 } from '../x509/base64.ts';
import type { Certificate } from '../x509/certificate.ts';
import { publicKeyFacts } from '../x509/public-key.ts';

export const requestCommand: Command = { ...REQUEST_HELP, run: runRequest };

/** What the answer of a CA stands for in commands, as on Lightrun's page. */
const ANSWER = 'full-chain.crt';

/**
 * `request --host NAME…`: makes a certificate signing request, for a new private key or for the one in a values file or
 * Secret manifest. Everything it says goes to standard error.
 * @returns the exit status, 0
 * @throws LintError where the arguments are wrong or something cannot be written; then nothing is written
 */
async function runRequest(args: readonly string[], io: Io): Promise<0> {
  const options = await requestOptions(args);
  const held = options.values === null ? null : await readHeld(options.values, options, io);
  const hosts = withBackend(options, held);
  const own = options.newKey === null && held !== null ? await keyIn(held, options, io) : null;
  const [csr, key] = [join(options.directory, 'tls.csr'), join(options.directory, 'tls.key')];
  const [shownCsr, shownKey] = [displayNamed(csr), displayNamed(key)];
  refuseExisting(own === null ? [csr, key] : [csr], 'Name another folder: --out-dir DIR');

  const { generateKeyPair, keyPairOf, pkcs8Of } = await import('../self-signed/key-pair.ts');
  const keyPair =
    own === null ? await generateKeyPair(options.newKey ?? 'rsa2048') : await keyPairOf(own.key);
  if (keyPair === null) throw unsupported(own);
  const { pemText } = await import('../x509/pem-block.ts');
  const { signingRequest } = await import('../request/request.ts');
  const request = await signingRequest(hosts, keyPair);
  makeFolder(options.directory);
  createFiles([
    ...(own === null
      ? [{ path: key, text: pemText('PRIVATE KEY', await pkcs8Of(keyPair)), mode: 0o600 }]
      : []),
    { path: csr, text: request.pem, mode: 0o644 },
  ]);

  const publicKey = createPublicKey({ key: request.spki, format: 'der', type: 'spki' });
  io.stderr(
    [
      own === null
        ? `Wrote the request ${shownCsr} and its private key ${shownKey} (mode 0600). Keep the key out of Git.`
        : `Wrote the request ${shownCsr}, for the private key in ${own.shown}.`,
      `  names  ${hosts.map(escapeUnsafe).join(', ')}`,
      `  key    ${publicKeyFacts(publicKey).description}`,
      `  pin    ${pinLine(leafOf(held, io), request.spki)}`,
      ...notesOn(hosts, held, io),
      '',
      `Send ${shownCsr} to the CA. Ask for a certificate for servers with all of these names, and for the whole chain.`,
      ...nextLines(options, held, { csr, key: own === null ? key : null }),
      '',
    ].join('\n'),
  );
  return 0;
}

/** The file of `--values`. */
interface Held {
  pair: PairFile;
  /** Null for a Secret manifest. */
  settings: Settings | null;
  /** What messages call the file. */
  shown: string;
}

/** @throws LintError where it cannot be read, or has no such place */
async function readHeld(file: string, { root }: RequestOptions, io: Io): Promise<Held> {
  const input = readInput(file, io);
  const trust = { at: io.now(), roots: null };
  const shown = displayFile(input.name);
  const manifest = await readPairFile(input, root, trust);
  if (manifest?.kind === 'secret') return { pair: manifest, settings: null, shown };
  const read = await readValues(input.bytes, input.name);
  if (!read.ok) {
    const { reason, help, location } = read.diagnostic;
    throw new LintError(`${shown}:${location.line}: ${reason}, so nothing was written`, help);
  }
  if (!read.values.get(root).present && root.length > 0) {
    throw new LintError(`${shown} has no ${displayPath(root)}`, 'Correct --root.');
  }
  const pair = pairInValues(read.values, input.name, root, trust);
  return { pair, settings: readSettings(read.values, root), shown };
}

/**
 * The names of the request: with verified internal TLS that of the backend's service too.
 * @throws LintError where it is not known
 */
function withBackend({ hosts, release }: RequestOptions, held: Held | null): readonly string[] {
  const settings = held?.settings ?? null;
  if (settings === null && release !== null) {
    throw new LintError(
      '--release needs the values of that release: a Secret does not say whether internal TLS is on',
      `If it is, and verified, name the backend itself: --host ${quote(release, 'object name')}-backend`,
    );
  }
  if (settings === null || !verifiesBackend(settings)) return hosts;
  const fullname = fullnameOf(settings, release);
  if (fullname === null) {
    throw new LintError(
      `${held?.shown} has verified internal TLS, so the certificate must name the backend, and the name of the release is not known`,
      'Add it, as helm list shows it: --release NAME',
    );
  }
  return [...new Set([...hosts, `${fullname}-backend`])];
}

/** The private key of the file, and what messages call it. */
interface OwnKey {
  key: KeyObject;
  shown: string;
}

/** @throws LintError where the file holds none, or it cannot be opened */
async function keyIn({ pair, settings, shown }: Held, options: RequestOptions, io: Io): Promise<OwnKey> {
  const { key } = pair;
  const another = 'For a new private key, name its kind: --key rsa2048';
  if (key.resolver !== null) {
    throw new LintError(
      `${key.shown} cannot be used: ${key.resolver.name} has yet to fill it in`,
      `Give the values as they are after that on standard input: --values -\n${another}`,
    );
  }
  if (key.text === null) {
    const name = settings?.existingCert.value;
    const ofSecret =
      typeof name === 'string' && isSet(name)
        ? `\nThat of the Secret ${quote(name, 'object name')}: kubectl get secret ${shellWord(quote(name, 'object name'))} -o yaml | ${PROGRAM} request --host ${shellWord(options.hosts[0])} --values -`
        : '';
    throw new LintError(`${shown} holds no private key (${key.place} is not set)`, another + ofSecret);
  }
  const part = heldPart(pair, 'key');
  const opened = await readPrivateKey(part, { passphraseFile: options.passphraseFile, io });
  return { key: opened, shown: part.shown };
}

function unsupported(own: OwnKey | null): LintError {
  const description = own && publicKeyFacts(createPublicKey(own.key)).description;
  return new LintError(
    `the private key in ${own?.shown} is ${description}, which not every client accepts, so nothing was written`,
    'Make a new one: --key rsa2048',
  );
}

/** The leaf that the file holds now. */
function leafOf(held: Held | null, io: Io): Certificate | null {
  const [crt, key] = [held?.pair.crt.text, held?.pair.key.text].map((text) =>
    typeof text === 'string' ? readBase64(text).bytes : null,
  );
  return crt ? leafIn(crt, key ?? null, { at: io.now(), roots: null }) : null;
}

function pinLine(before: Certificate | null, spki: Buffer): string {
  const after = createHash('sha256').update(spki).digest('hex');
  if (before === null) return after;
  return before.pinSha256 === after
    ? `${after} (as before)`
    : `${before.pinSha256} → ${after}\n         The pin changes: agents and IDE plugins have to learn the new one first; in which order: ${PROGRAM} explain pin-changes`;
}

/** Names that the certificate has now, or should have, and that the request lacks. */
function notesOn(hosts: readonly string[], held: Held | null, io: Io): string[] {
  const leaf = leafOf(held, io);
  const isCovered = (name: string) => hosts.includes(name) || hosts.includes(name.replace(/^[^.]+/, '*'));
  const lost = leaf
    ? [...leaf.dnsNames, ...leaf.ipAddresses].filter((name) => !isCovered(name.toLowerCase()))
    : [];
  const endpoint = held?.settings?.endpoint.value;
  const isMissed = typeof endpoint === 'string' && isHostName(endpoint) && !isCovered(endpoint);
  return [
    ...(lost.length > 0
      ? [`  note   the certificate now also names ${lost.map(escapeUnsafe).join(', ')}`]
      : []),
    ...(isMissed ? [`  note   no name covers general.lightrun_endpoint, ${escapeUnsafe(endpoint)}`] : []),
  ];
}

/** The commands that take the answer. */
function nextLines(
  { values, root }: RequestOptions,
  held: Held | null,
  { csr, key }: { csr: string; key: string | null },
): string[] {
  const heading = `${ANSWER} stands for what the CA sends back: PEM, DER or PKCS#7 files, in any order.`;
  const ofSecret = held?.pair.kind === 'secret';
  if (ofSecret && key === null) {
    return [
      `${ANSWER} stands for what the CA sends back, as PEM: the leaf and its chain. To put it into the Secret, beside its private key:`,
      `  kubectl patch secret NAME --type=merge -p '{"data":{"tls.crt":"'"$(base64 < ${ANSWER} | tr -d '\\n')"'"}}'`,
      `  kubectl get secret NAME -o yaml | ${PROGRAM} lint --fix - | kubectl replace -f -`,
    ];
  }
  const file = values === null || values === STDIN || ofSecret ? 'values.yaml' : values;
  const place = root.join('.');
  if (!isPrintable(file, csr) || displayPath(root) !== place) return [heading];
  const words = [
    ...['encode', '--cert', ANSWER],
    ...(key === null ? [] : ['--key', shellFile(key)]),
    ...['--write', shellFile(file)],
    ...(place === '' ? [] : ['--root', shellWord(place)]),
  ];
  const isExisting = ofSecret || isSet(held?.settings?.existingCert.value);
  return [
    `${heading} To put it into ${displayFile(file)}${key === null ? ', beside its private key' : ''}:`,
    `  ${PROGRAM} ${words.join(' ')}`,
    ...(isExisting && key !== null
      ? [
          'Or into the Secret that existing_cert names:',
          `  kubectl create secret tls NAME --cert=${ANSWER} --key=${shellFile(key)} --dry-run=client -o yaml | kubectl apply --server-side --force-conflicts -f -`,
        ]
      : []),
  ];
}
