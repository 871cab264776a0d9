import { createPrivateKey } from 'node:crypto';
import { type Base64Problem, readBase64 } from '../x509/base64.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/blocks.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import type { PemBlock } from '../x509/pem-block.ts';
import { type PrivateKeyFacts, readPrivateKey } from '../x509/private-key.ts';
import { type PublicKeyFacts, sameKey } from '../x509/public-key.ts';
import type { AppliedFix, DeedKind } from './applied-fix.ts';
import { orderedChain } from './chain.ts';
import { type MendedPem, mendPem } from './pem.ts';
import { pemText } from './pem-text.ts';

/** The two values as they should be, and what was put right in each; a value that stays is null. */
export interface Fixed {
  crt: string | null;
  key: string | null;
  applied: readonly AppliedFix[];
}

const BASE64_DEEDS: Readonly<Record<Base64Problem['kind'], DeedKind | null>> = {
  'not-encoded': 'encoded',
  wrapped: 'unwrapped',
  'url-alphabet': 'alphabet',
  padding: 'padding',
  twice: 'decoded',
  alphabet: null,
};

/**
 * Puts right what has one right answer in the two values, and leaves alone what has none: a key of another
 * certificate, a missing intermediate, a passphrase. The certificates are the same set afterwards, and the key is the
 * same key.
 * @param crt the text of `tls.crt` as Helm reads it, null where there is none to read
 * @param key the text of `tls.key`, likewise
 * @param roots what counts as a known root
 */
export function fix(crt: string | null, key: string | null, roots: KnownRoots): Fixed {
  const [first, second] = [crt, key].map((text) => (text === null ? null : new Value(text)));
  const isSwapped = first?.holds(isPrivateKeyBlock) === true && second?.holds(isCertificateBlock) === true;
  const [ofCrt, ofKey] = isSwapped ? [second, first] : [first, second];

  const privateKey = ofKey?.privateKey() ?? null;
  ofCrt?.mendCertificates(privateKey?.publicKey ?? null, roots);
  ofKey?.mendKey(privateKey, ofCrt?.certificates() ?? []);
  const deedsOf = (about: AppliedFix['about'], value: Value | null | undefined): AppliedFix[] =>
    [...(isSwapped ? ['swapped' as const] : []), ...(value?.applied ?? [])].map((kind) => ({ about, kind }));
  return {
    crt: isSwapped || ofCrt?.isFixed ? (ofCrt?.text() ?? null) : null,
    key: isSwapped || ofKey?.isFixed ? (ofKey?.text() ?? null) : null,
    applied: [...deedsOf('crt', ofCrt), ...deedsOf('key', ofKey)],
  };
}

/** One value on its way to what it should be. */
class Value {
  readonly #bytes: Buffer | null;
  readonly #pem: MendedPem | null;
  readonly #base64Deed: DeedKind | null;
  readonly #more = new Set<DeedKind>();
  #blocks: readonly PemBlock[];

  constructor(text: string) {
    const { bytes, problem } = readBase64(text);
    this.#bytes = bytes;
    this.#base64Deed = problem && BASE64_DEEDS[problem.kind];
    this.#pem = bytes && mendPem(bytes);
    this.#blocks = this.#pem?.blocks ?? [];
  }

  get applied(): DeedKind[] {
    const own = this.#bytes !== null && this.#base64Deed ? [this.#base64Deed] : [];
    return [...own, ...this.#pemDeeds, ...this.#more];
  }

  get isFixed(): boolean {
    return this.applied.length > 0;
  }

  get #pemDeeds(): readonly DeedKind[] {
    return this.#pem?.applied ?? [];
  }

  /** Whether the blocks are all of this kind, and there is one. */
  holds(kind: (block: PemBlock) => boolean): boolean {
    return this.#blocks.length > 0 && this.#blocks.every((block) => kind(block) || isParameters(block));
  }

  certificates(): Certificate[] {
    return this.#blocks.filter(isCertificateBlock).flatMap((block, index) => {
      const read = readCertificate(block, index);
      return read.ok ? [read.certificate] : [];
    });
  }

  /** Of the only private key; null where there is none or more than one. */
  privateKey(): PrivateKeyFacts | null {
    const [block, ...others] = this.#blocks.filter(isPrivateKeyBlock);
    return block && others.length === 0 ? readPrivateKey(block, null) : null;
  }

  mendCertificates(keyOwner: PublicKeyFacts | null, roots: KnownRoots): void {
    this.#leaveOut((block) => isPrivateKeyBlock(block) && isKey(block, keyOwner));
    const certificates = this.certificates();
    if (certificates.length === 0 || certificates.length !== this.#blocks.length) return;
    const ordered = orderedChain(certificates, keyOwner, roots);
    if (ordered === null) return;
    if (!ordered.wasInOrder) this.#more.add('order');
    if (ordered.copies.length > 0) this.#more.add('copies');
    const blocks = this.#blocks;
    this.#blocks = [...ordered.members, ...ordered.unrelated, ...ordered.disconnected].map(
      ({ index }) => blocks[index] as PemBlock,
    );
  }

  mendKey(facts: PrivateKeyFacts | null, certificates: readonly Certificate[]): void {
    const known = new Set(certificates.map(({ fingerprintSha256 }) => fingerprintSha256));
    this.#leaveOut((block) => isCertificateBlock(block) && isOneOf(block, known));
    const block = this.#blocks.find(isPrivateKeyBlock);
    const isAlone = this.#blocks.every((each) => each === block || isParameters(each));
    if (!block || !isAlone || facts?.container !== 'sec1' || facts.state !== 'opened') return;
    this.#more.add('pkcs8');
    const der = createPrivateKey(block.text).export({ type: 'pkcs8', format: 'der' });
    this.#blocks = [{ ...block, label: 'PRIVATE KEY', der, text: pemText('PRIVATE KEY', der) }];
  }

  /** Base64 of what it should hold: what it holds, where only the base64 was wrong. */
  text(): string | null {
    const isPemMended = this.#pemDeeds.length > 0 || this.#more.size > 0;
    const bytes = isPemMended ? Buffer.from(this.#blocks.map(written).join(''), 'latin1') : this.#bytes;
    return bytes?.toString('base64') ?? null;
  }

  #leaveOut(isLeft: (block: PemBlock) => boolean): void {
    const kept = this.#blocks.filter((block) => !isLeft(block));
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

/** A certificate by its own label and without what may follow it in a `TRUSTED CERTIFICATE`; all else as it stands. */
function written(block: PemBlock): string {
  const read = isCertificateBlock(block) ? readCertificate(block, 0) : null;
  if (read?.ok) return pemText('CERTIFICATE', read.certificate.der);
  return block.encrypted ? `${block.text.replaceAll('\r\n', '\n')}\n` : pemText(block.label, block.der);
}
