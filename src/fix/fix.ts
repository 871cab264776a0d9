import { createPrivateKey } from 'node:crypto';
import { decodeStrict } from '../x509/base64.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { readPem } from '../x509/pem.ts';
import { type PemBlock, pemText } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { type PrivateKeyFacts, readPrivateKey } from '../x509/private-key.ts';
import { type PublicKeyFacts, sameKey } from '../x509/public-key.ts';
import { type FixedBase64, fixBase64 } from './base64.ts';
import { orderedChain } from './chain.ts';
import { type FixedPem, fixPem, MOST_KEYS } from './pem.ts';

/** The two values, fixed, and what was fixed in each; a value that stays is null. */
export interface Fixed {
  crt: string | null;
  key: string | null;
  applied: readonly AppliedFix[];
}

/**
 * Fixes what has one right answer in the two values, and nothing else: not the private key of another certificate, a
 * missing intermediate, a passphrase. The set of certificates stays the same, and so does the private key. What a value
 * would become is read again: where that is not certificates, or not one private key, the value stays as it is.
 * @param crt `tls.crt` as Helm reads it; null where it is not a string
 * @param key `tls.key`, likewise
 */
export function fix(crt: string | null, key: string | null, trust: Trust): Fixed {
  const [first, second] = [crt, key].map((text) => (text === null ? null : new Value(text)));
  const isSwapped = first?.holds(isPrivateKeyBlock) === true && second?.holds(isCertificateBlock) === true;
  const [ofCrt, ofKey] = isSwapped ? [second, first] : [first, second];

  ofKey?.keepOneKey();
  const privateKey = ofKey?.privateKey() ?? null;
  ofCrt?.fixCertificates(ofKey?.keyBlock() ?? null, privateKey?.publicKey ?? null, trust);
  ofKey?.fixKey(privateKey, ofCrt?.certificates() ?? []);
  const after = {
    crt: ofCrt && (isSwapped || ofCrt.isFixed) ? readable(ofCrt.text(), isCertificates) : null,
    key: ofKey && (isSwapped || ofKey.isFixed) ? readable(ofKey.text(), isOneKey) : null,
  };
  if (isSwapped && (after.crt === null || after.key === null)) return { crt: null, key: null, applied: [] };
  const fixesOf = (about: AppliedFix['about'], value: Value | null | undefined): AppliedFix[] =>
    after[about] === null
      ? []
      : [...(isSwapped ? ['swapped' as const] : []), ...(value?.applied ?? [])].map((kind) => ({
          about,
          kind,
        }));
  return { ...after, applied: [...fixesOf('crt', ofCrt), ...fixesOf('key', ofKey)] };
}

/** A value as base64 whose PEM holds what it should; else null. */
function readable(text: string | null, isRight: (blocks: readonly PemBlock[]) => boolean): string | null {
  const bytes = text === null ? null : decodeStrict(text);
  if (bytes === null) return null;
  const { blocks, diagnostic } = readPem(bytes);
  return diagnostic === null && isRight(blocks) ? text : null;
}

function isCertificates(blocks: readonly PemBlock[]): boolean {
  return (
    blocks.length > 0 && blocks.every((block) => isCertificateBlock(block) && readCertificate(block, 0).ok)
  );
}

/** One that loads, or would with its passphrase. */
function isOneKey(blocks: readonly PemBlock[]): boolean {
  const [block, ...others] = blocks.filter((each) => !isParameters(each));
  if (block === undefined || others.length > 0 || !isPrivateKeyBlock(block)) return false;
  return readPrivateKey(block, null).state !== 'unreadable';
}

/** One value while it is fixed. */
class Value {
  readonly #base64: FixedBase64;
  readonly #pem: FixedPem | null;
  readonly #more = new Set<FixKind>();
  #blocks: readonly PemBlock[];

  constructor(text: string) {
    this.#base64 = fixBase64(text);
    this.#pem = this.#base64.bytes && fixPem(this.#base64.bytes);
    this.#blocks = this.#pem?.blocks ?? [];
  }

  get applied(): FixKind[] {
    return [...this.#base64.applied, ...this.#pemFixes, ...this.#more];
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

  /** The block of the only private key; null where there is none or more than one. */
  keyBlock(): PemBlock | null {
    const [block, ...others] = this.#blocks.filter(isPrivateKeyBlock);
    return block && others.length === 0 ? block : null;
  }

  privateKey(): PrivateKeyFacts | null {
    const block = this.keyBlock();
    return block && readPrivateKey(block, null);
  }

  /** The same private key again, in whatever form, is left out. */
  keepOneKey(): void {
    const [first, ...others] = this.#blocks.filter(isPrivateKeyBlock);
    if (first === undefined || others.length === 0 || others.length >= MOST_KEYS) return;
    const { publicKey } = readPrivateKey(first, null);
    if (!others.every((block) => isSamePrivateKey(block, first, publicKey))) return;
    this.#more.add('key-copies');
    this.#blocks = this.#blocks.filter((block) => !others.includes(block));
  }

  fixCertificates(key: PemBlock | null, keyOwner: PublicKeyFacts | null, trust: Trust): void {
    this.#remove(
      (block) => isPrivateKeyBlock(block) && key !== null && isSamePrivateKey(block, key, keyOwner),
    );
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
    if (!block || !isAlone || facts?.state !== 'opened') return;
    if (facts.container === 'sec1') {
      this.#more.add('pkcs8');
      const der = createPrivateKey(block.text).export({ type: 'pkcs8', format: 'der' });
      this.#blocks = [{ ...block, label: 'PRIVATE KEY', der, text: pemText('PRIVATE KEY', der) }];
    } else if (this.#blocks.length > 1) {
      this.#more.add('parameters');
      this.#blocks = [block];
    }
  }

  /** The value in base64; its bytes stay the same where only the base64 was wrong. */
  text(): string | null {
    const isPemFixed = this.#pemFixes.length > 0 || this.#more.size > 0;
    const bytes = isPemFixed ? Buffer.from(this.#blocks.map(written).join(''), 'latin1') : this.#base64.bytes;
    return bytes?.toString('base64') ?? null;
  }

  /** Parameters go with the private key that they belong to. */
  #remove(isRemoved: (block: PemBlock) => boolean): void {
    const removed = this.#blocks.filter(isRemoved);
    const isKeyRemoved = removed.some(isPrivateKeyBlock);
    const kept = this.#blocks.filter(
      (block) => !removed.includes(block) && !(isKeyRemoved && isParameters(block)),
    );
    if (removed.length === 0 || kept.length === 0) return;
    this.#more.add('foreign-blocks');
    this.#blocks = kept;
  }
}

function isParameters({ label }: PemBlock): boolean {
  return label === 'EC PARAMETERS';
}

/** The same bytes, or the same key in another container. */
function isSamePrivateKey(block: PemBlock, other: PemBlock, owner: PublicKeyFacts | null): boolean {
  if (block.der.equals(other.der)) return true;
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
  invisible: 'removed invisible characters from the base64',
  glued: 'removed the shell prompt after the base64',
  parts: 'joined the parts that were encoded one by one',
  'pem-from-der': 'converted the DER to PEM',
  'pem-layout': 'corrected the line breaks and boundaries of the PEM',
  'pem-wrapper': 'removed the wrapper of certutil -encode',
  'pem-text': 'removed the text around the PEM blocks',
  'pem-labels': 'replaced other labels with CERTIFICATE',
  'key-label': 'corrected the label of the private key',
  'foreign-blocks': 'removed what the other value already holds',
  order: 'put the certificates in order: leaf, intermediate, root',
  copies: 'removed duplicate certificates',
  'key-copies': 'removed a second copy of the private key',
  parameters: 'removed the EC PARAMETERS block, which the private key holds too',
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
