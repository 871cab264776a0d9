import { createPrivateKey } from 'node:crypto';
import { type Base64Diagnostic, readBase64 } from '../x509/base64.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { type PemBlock, pemText } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { type PrivateKeyFacts, readPrivateKey } from '../x509/private-key.ts';
import { type PublicKeyFacts, sameKey } from '../x509/public-key.ts';
import { orderedChain } from './chain.ts';
import { type FixedPem, fixPem } from './pem.ts';

/** The two values, fixed, and what was fixed in each; a value that stays is null. */
export interface Fixed {
  crt: string | null;
  key: string | null;
  applied: readonly AppliedFix[];
}

const BASE64_FIXES: Readonly<Record<Base64Diagnostic['kind'], FixKind | null>> = {
  'not-encoded': 'encoded',
  wrapped: 'unwrapped',
  'url-alphabet': 'alphabet',
  padding: 'padding',
  twice: 'decoded',
  alphabet: null,
};

/**
 * Fixes what has one right answer in the two values, and nothing else: not the private key of another certificate, a
 * missing intermediate, a passphrase. The set of certificates stays the same, and so does the private key.
 * @param crt `tls.crt` as Helm reads it; null where it is not a string
 * @param key `tls.key`, likewise
 */
export function fix(crt: string | null, key: string | null, trust: Trust): Fixed {
  const [first, second] = [crt, key].map((text) => (text === null ? null : new Value(text)));
  const isSwapped = first?.holds(isPrivateKeyBlock) === true && second?.holds(isCertificateBlock) === true;
  const [ofCrt, ofKey] = isSwapped ? [second, first] : [first, second];

  const privateKey = ofKey?.privateKey() ?? null;
  ofCrt?.fixCertificates(privateKey?.publicKey ?? null, trust);
  ofKey?.fixKey(privateKey, ofCrt?.certificates() ?? []);
  const fixesOf = (about: AppliedFix['about'], value: Value | null | undefined): AppliedFix[] =>
    [...(isSwapped ? ['swapped' as const] : []), ...(value?.applied ?? [])].map((kind) => ({ about, kind }));
  return {
    crt: isSwapped || ofCrt?.isFixed ? (ofCrt?.text() ?? null) : null,
    key: isSwapped || ofKey?.isFixed ? (ofKey?.text() ?? null) : null,
    applied: [...fixesOf('crt', ofCrt), ...fixesOf('key', ofKey)],
  };
}

/** One value while it is fixed. */
class Value {
  readonly #bytes: Buffer | null;
  readonly #pem: FixedPem | null;
  readonly #base64Fix: FixKind | null;
  readonly #more = new Set<FixKind>();
  #blocks: readonly PemBlock[];

  constructor(text: string) {
    const { bytes, diagnostic } = readBase64(text);
    this.#bytes = bytes;
    this.#base64Fix = diagnostic && BASE64_FIXES[diagnostic.kind];
    this.#pem = bytes && fixPem(bytes);
    this.#blocks = this.#pem?.blocks ?? [];
  }

  get applied(): FixKind[] {
    const own = this.#bytes !== null && this.#base64Fix ? [this.#base64Fix] : [];
    return [...own, ...this.#pemFixes, ...this.#more];
  }

  get isFixed(): boolean {
    return this.applied.length > 0;
  }

  get #pemFixes(): readonly FixKind[] {
    return this.#pem?.applied ?? [];
  }

  /** Whether there are blocks and all are of this kind. */
  holds(kind: (block: PemBlock) => boolean): boolean {
    return this.#blocks.length > 0 && this.#blocks.every((block) => kind(block) || isParameters(block));
  }

  certificates(): Certificate[] {
    return this.#blocks.filter(isCertificateBlock).flatMap((block, index) => {
      const read = readCertificate(block, index);
      return read.ok ? [read.certificate] : [];
    });
  }

  /** The only private key; null where there is none or more than one. */
  privateKey(): PrivateKeyFacts | null {
    const [block, ...others] = this.#blocks.filter(isPrivateKeyBlock);
    return block && others.length === 0 ? readPrivateKey(block, null) : null;
  }

  fixCertificates(keyOwner: PublicKeyFacts | null, trust: Trust): void {
    this.#remove((block) => isPrivateKeyBlock(block) && isKey(block, keyOwner));
    const certificates = this.certificates();
    if (certificates.length === 0 || certificates.length !== this.#blocks.length) return;
    const ordered = orderedChain(certificates, keyOwner, trust);
    if (ordered === null) return;
    if (!ordered.wasInOrder) this.#more.add('order');
    if (ordered.copies.length > 0) this.#more.add('copies');
    const blocks = this.#blocks;
    this.#blocks = [...ordered.members, ...ordered.unrelated, ...ordered.disconnected].map(
      ({ index }) => blocks[index] as PemBlock,
    );
  }

  fixKey(facts: PrivateKeyFacts | null, certificates: readonly Certificate[]): void {
    const known = new Set(certificates.map(({ fingerprintSha256 }) => fingerprintSha256));
    this.#remove((block) => isCertificateBlock(block) && isOneOf(block, known));
    const block = this.#blocks.find(isPrivateKeyBlock);
    const isAlone = this.#blocks.every((each) => each === block || isParameters(each));
    if (!block || !isAlone || facts?.container !== 'sec1' || facts.state !== 'opened') return;
    this.#more.add('pkcs8');
    const der = createPrivateKey(block.text).export({ type: 'pkcs8', format: 'der' });
    this.#blocks = [{ ...block, label: 'PRIVATE KEY', der, text: pemText('PRIVATE KEY', der) }];
  }

  /** The value in base64; its bytes stay the same where only the base64 was wrong. */
  text(): string | null {
    const isPemFixed = this.#pemFixes.length > 0 || this.#more.size > 0;
    const bytes = isPemFixed ? Buffer.from(this.#blocks.map(written).join(''), 'latin1') : this.#bytes;
    return bytes?.toString('base64') ?? null;
  }

  #remove(isRemoved: (block: PemBlock) => boolean): void {
    const kept = this.#blocks.filter((block) => !isRemoved(block));
    if (kept.length === this.#blocks.length || kept.length === 0) return;
    this.#more.add('foreign-blocks');
    this.#blocks = kept;
  }
}

function isParameters({ label }: PemBlock): boolean {
  return label === 'EC PARAMETERS';
}

function isKey(block: PemBlock, owner: PublicKeyFacts | null): boolean {
  const { publicKey } = readPrivateKey(block, null);
  return owner !== null && publicKey !== null && sameKey(publicKey, owner);
}

function isOneOf(block: PemBlock, fingerprints: ReadonlySet<string>): boolean {
  const read = readCertificate(block, 0);
  return read.ok && fingerprints.has(read.certificate.fingerprintSha256);
}

/** A block in PEM: a certificate with its own label and without the trust settings of a `TRUSTED CERTIFICATE`; others unchanged. */
function written(block: PemBlock): string {
  const read = isCertificateBlock(block) ? readCertificate(block, 0) : null;
  if (read?.ok) return pemText('CERTIFICATE', read.certificate.der);
  return block.encrypted ? `${block.text.replaceAll('\r\n', '\n')}\n` : pemText(block.label, block.der);
}

/** Everything that can be fixed in one of the two values, with the words for it. */
const FIXES = {
  swapped: 'moved to its place: the certificate and the private key were swapped',
  encoded: 'encoded the PEM text as base64',
  unwrapped: 'joined the wrapped base64 into one line',
  alphabet: 'wrote the base64 in the standard alphabet',
  padding: 'corrected the padding of the base64',
  decoded: 'removed the second layer of base64',
  'pem-from-der': 'converted the DER to PEM',
  'pem-layout': 'corrected the line breaks and boundaries of the PEM',
  'pem-text': 'removed the text around the PEM blocks',
  'pem-labels': 'replaced other labels with CERTIFICATE',
  'foreign-blocks': 'removed what the other value already holds',
  order: 'put the certificates in order: leaf, intermediate, root',
  copies: 'removed duplicate certificates',
  pkcs8: 'converted the private key from SEC1 to PKCS#8',
} as const;

export type FixKind = keyof typeof FIXES;

export interface AppliedFix {
  about: 'crt' | 'key';
  kind: FixKind;
}

/** A fix in a few words, without a final full stop. */
export function describeAppliedFix({ kind }: AppliedFix): string {
  return FIXES[kind];
}
