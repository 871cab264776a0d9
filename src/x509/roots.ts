import { readBase64 } from './base64.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { groupBy } from './group-by.ts';
import { lastValue } from './name.ts';
import { readPem } from './pem.ts';
import { isCertificateBlock } from './pem-label.ts';

/** Roots that clients have: public ones, those of `--ca-file`, `ca.crt` of the same Secret. */
export interface KnownRoots {
  /** The known roots that bear the name of a certificate's issuer; signatures are not checked. */
  issuersNamedBy(certificate: Certificate): readonly Certificate[];
  /** The kind of a root that was found so, or of the same certificate in a file; null for any other. */
  kindOf(certificate: Certificate): KnownRoot | null;
}
export type KnownRoot = 'public' | 'ca-file' | 'secret';

/** Kept for the whole process: what is found for one file serves the next. Nothing is done before a root is asked for. */
const NODE_ROOTS = lookup(rootsOfNode);

/**
 * The roots that Node contains (Mozilla's list).
 * @param pems gives other PEM strings instead; called once, when a root is first asked for
 */
export function publicRoots(pems?: () => readonly string[]): KnownRoots {
  const named = pems ? lookup(pems) : NODE_ROOTS;
  const found = new Set<string>();
  return {
    issuersNamedBy(certificate) {
      const roots = named(certificate);
      for (const { fingerprintSha256 } of roots) found.add(fingerprintSha256);
      return roots;
    },
    kindOf: ({ fingerprintSha256 }) => (found.has(fingerprintSha256) ? 'public' : null),
  };
}

/** The public root that issued a certificate, with the signature verified; null where there is none. */
export function publicRootOf(certificate: Certificate): Certificate | null {
  return NODE_ROOTS(certificate).find((root) => isSignedBy(certificate, root)) ?? null;
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    // A key or signature algorithm that OpenSSL does not know.
    return false;
  }
}

/**
 * The roots of one kind that the user names, self-signed or not.
 * @param certificates those that could be read
 */
export function rootsOf(kind: KnownRoot, certificates: readonly Certificate[]): KnownRoots {
  const byName = groupBy(certificates, ({ subjectKey }) => subjectKey);
  const known = new Set(certificates.map(({ fingerprintSha256 }) => fingerprintSha256));
  return {
    issuersNamedBy: ({ issuerKey }) => byName.get(issuerKey) ?? [],
    kindOf: ({ fingerprintSha256 }) => (known.has(fingerprintSha256) ? kind : null),
  };
}

/** All of these roots together; of a root that several have, the first names the kind. */
export function together(...all: readonly KnownRoots[]): KnownRoots {
  return {
    issuersNamedBy: (certificate) => all.flatMap((roots) => roots.issuersNamedBy(certificate)),
    kindOf: (certificate) =>
      all.reduce<KnownRoot | null>((kind, roots) => kind ?? roots.kindOf(certificate), null),
  };
}

/**
 * Adds the self-signed certificates of `ca.crt`, which cert-manager puts into the Secret beside the certificate.
 * @param roots null for the public ones alone
 * @param caCrt base64 of PEM; what cannot be read in it proves nothing
 */
export function withCaCrt(roots: KnownRoots | null, caCrt: string | null): KnownRoots | null {
  if (caCrt === null) return roots;
  const { bytes } = readBase64(caCrt);
  const blocks = bytes === null ? [] : readPem(bytes).blocks.filter(isCertificateBlock);
  const read = blocks.map((block, index) => readCertificate(block, index));
  const certificates = read.flatMap((each) =>
    each.ok && isSelfSigned(each.certificate) ? [each.certificate] : [],
  );
  return certificates.length === 0
    ? roots
    : together(roots ?? publicRoots(), rootsOf('secret', certificates));
}

function isSelfSigned(certificate: Certificate): boolean {
  return certificate.selfIssued && isSignedBy(certificate, certificate);
}

/**
 * Only those roots are parsed whose bytes hold the wanted name, each at most once: parsing all takes as long as half
 * a start of Node.
 */
function lookup(pems: () => readonly string[]): (certificate: Certificate) => readonly Certificate[] {
  let roots: readonly EncodedRoot[] | undefined;
  const found = new Map<string, readonly Certificate[]>();
  return ({ issuerKey, issuerRdns }) => {
    let named = found.get(issuerKey);
    if (!named) {
      roots ??= pems().map(encodedRoot);
      named = rootsNamed(issuerKey, lastValue(issuerRdns), roots);
      found.set(issuerKey, named);
    }
    return named;
  };
}

/** `node:tls` takes time to load, and is mostly not needed. */
function rootsOfNode(): readonly string[] {
  return process.getBuiltinModule('node:tls').rootCertificates;
}

interface EncodedRoot {
  der: Buffer;
  /** The DER as Latin-1 in lower case, to search in. */
  folded: string;
  /** Null where it does not parse, undefined until it is needed. */
  certificate?: Certificate | null | undefined;
}

function encodedRoot(pem: string): EncodedRoot {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  return { der, folded: der.toString('latin1').toLowerCase() };
}

function rootsNamed(key: string, last: string | null, roots: readonly EncodedRoot[]): Certificate[] {
  const value = Buffer.from(last ?? '');
  if (value.length === 0 || value.length > 127) return [];
  // With its length before it, so that `root ca` is not found in every second root.
  const wanted = (String.fromCharCode(value.length) + value.toString('latin1')).toLowerCase();
  return roots
    .filter(({ folded }) => folded.includes(wanted))
    .map(parsed)
    .filter((certificate) => certificate?.subjectKey === key) as Certificate[];
}

function parsed(root: EncodedRoot): Certificate | null {
  if (root.certificate === undefined) {
    const read = readCertificate({ der: root.der, label: 'CERTIFICATE', line: 1 }, 0);
    root.certificate = read.ok ? read.certificate : null;
  }
  return root.certificate;
}
