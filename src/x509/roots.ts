import type { Certificate } from './certificate.ts';
import { readCertificate } from './certificate.ts';
import type { KnownRoots } from './chain/chain.ts';
import { groupBy } from './group-by.ts';
import { lastValue } from './name.ts';

/** Roots of one name whose keys are tried for one signature. */
const MAX_KEYS = 8;

/** Kept for the whole process: what is found for one file serves the next. Nothing is done before a root is asked for. */
const findPublicRoot = rootFinder(rootsOfNode);

/**
 * The roots that Node carries (Mozilla's list).
 * @param pems gives other PEM texts in their place; called once, when a root is first asked for
 */
export function publicRoots(pems?: () => readonly string[]): KnownRoots {
  const find = pems ? rootFinder(pems) : findPublicRoot;
  return { issuerOf: (certificate) => (find(certificate) ? 'public' : null) };
}

/** The public root that issued a certificate: its signature is verified; null where there is none. */
export function publicRootOf(certificate: Certificate): Certificate | null {
  return findPublicRoot(certificate);
}

/**
 * Only those roots are parsed whose bytes hold the wanted name, each at most once: parsing all takes as long as half
 * a start of Node.
 */
function rootFinder(pems: () => readonly string[]): (certificate: Certificate) => Certificate | null {
  let roots: readonly EncodedRoot[] | undefined;
  const found = new Map<string, readonly Certificate[]>();
  return (certificate) => {
    const { issuerKey, issuerRdns } = certificate;
    let named = found.get(issuerKey);
    if (!named) {
      roots ??= pems().map(encodedRoot);
      named = rootsNamed(issuerKey, lastValue(issuerRdns), roots);
      found.set(issuerKey, named);
    }
    return issuerAmong(certificate, named);
  };
}

/** `node:tls` takes time to load, and is mostly not needed. */
function rootsOfNode(): readonly string[] {
  return process.getBuiltinModule('node:tls').rootCertificates;
}

/**
 * The certificates of `--ca-file`, taken for roots whether self-signed or not.
 * @param certificates those that could be read
 */
export function caFile(certificates: readonly Certificate[]): KnownRoots {
  const byName = groupBy(certificates, (certificate) => certificate.subjectKey);
  return {
    issuerOf(certificate) {
      return issuerAmong(certificate, byName.get(certificate.issuerKey) ?? []) ? 'ca-file' : null;
    },
  };
}

/** Asks the second only where the first knows nothing. */
export function either(first: KnownRoots, second: KnownRoots): KnownRoots {
  return { issuerOf: (certificate) => first.issuerOf(certificate) ?? second.issuerOf(certificate) };
}

function issuerAmong(certificate: Certificate, roots: readonly Certificate[]): Certificate | null {
  const issuer = roots.slice(0, MAX_KEYS).find((root) => {
    try {
      return certificate.x509.verify(root.x509.publicKey);
    } catch {
      // A key or a signature algorithm that OpenSSL does not know.
      return false;
    }
  });
  return issuer ?? null;
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
