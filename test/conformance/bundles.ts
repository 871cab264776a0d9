/**
 * Bundles as public CAs deliver them: the same shapes, dates relative to now, with names and keys of their own. Once
 * the root is known none may have an error.
 */
import { X509Certificate } from 'node:crypto';
import { type Issued, type IssueOptions, issue, type KeyKind, key, type Name } from '../support/pki.ts';
import { type Case, HOST, type Trait, written } from './case.ts';
import { hex, oid, seq } from './der.ts';
import { filesOf, pemOf } from './ladder.ts';

const DAY = 24 * 60 * 60 * 1000;
const days = (count: number): Date => new Date(Date.now() + count * DAY);
const MORE = `general:\n  lightrun_endpoint: ${HOST}\n`;

/** What is made of a bundle: the file in its order, and the roots that different clients trust. */
export interface Bundle {
  file: Issued[];
  /** By who trusts them. */
  stores: Readonly<Record<string, Issued[]>>;
}

/** The `n`th key of a kind that belongs to these hierarchies. */
const own = (kind: KeyKind, n: number) => key(kind, 340 + n);

interface Authority extends IssueOptions {
  subject: Name;
}

const authority = (options: Authority): Issued =>
  issue({
    ca: true,
    keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
    notBefore: days(-1500),
    notAfter: days(2000),
    ...options,
  });

/** The same name and key, signed by another. */
const crossSigned = (of: Issued, issuer: Issued, options: IssueOptions = {}): Issued =>
  authority({ subject: of.subject, key: of.privateKey, issuer, ...options });

const POLICY = (id: string) => ({ oid: '2.5.29.32', value: seq(seq(oid(id))) });
const ocsp = extensionOf('1.3.6.1.5.5.7.1.1', 'http://ocsp.example.net');
const BOTH = { eku: ['serverAuth', 'clientAuth'] } as const;

function extensionOf(id: string, uri: string) {
  const location = Buffer.concat([Buffer.from([0x86, uri.length]), Buffer.from(uri)]);
  return { oid: id, value: seq(seq(oid('1.3.6.1.5.5.7.48.1'), location)) };
}

/** A leaf as public CAs issue it today: 90 days, for servers, with a policy and where to ask for its status. */
const publicLeaf = (issuer: Issued, options: IssueOptions = {}): Issued =>
  issue({
    issuer,
    key: own('rsa2048', 0),
    san: [HOST, `www.${HOST}`],
    extensions: [POLICY('2.23.140.1.2.1'), ocsp],
    ...options,
  });

const SERVER = { eku: ['serverAuth', 'clientAuth'], pathLength: 0 } as const;
const name = (cn: string, o: string, c = 'US'): string => `CN=${cn},O=${o},C=${c}`;

const BUNDLES: Readonly<Record<string, () => Bundle>> = {
  "an ACME CA's, RSA": () => {
    const root = authority({ subject: name('Own Root X1', 'Own Research Group'), key: own('rsa2048', 11) });
    const r10 = authority({
      subject: name('R10', 'Own Encrypt'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return { file: [publicLeaf(r10), r10], stores: { 'its root': [root] } };
  },
  "an ACME CA's of 2021, its root signed by one that has expired": () => {
    const old = authority({
      subject: name('Old Root X3', 'Signature Trust Co.'),
      key: own('rsa2048', 3),
      hash: 'sha1',
      notAfter: days(-60),
    });
    const root = authority({ subject: name('Own Root X1', 'Own Research Group'), key: own('rsa2048', 11) });
    const cross = crossSigned(root, old);
    const r3 = authority({
      subject: name('R3', 'Own Encrypt'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return {
      file: [publicLeaf(r3), r3, cross],
      stores: { 'the new root': [root], 'both roots': [old, root] },
    };
  },
  "an ACME CA's of 2016, up to a root of another": () => {
    const old = authority({
      subject: name('Old Root X3', 'Signature Trust Co.'),
      key: own('rsa2048', 3),
      hash: 'sha1',
    });
    const x3 = authority({
      subject: name('X3', 'Own Encrypt'),
      key: own('rsa2048', 2),
      issuer: old,
      pathLength: 0,
    });
    return { file: [publicLeaf(x3), x3], stores: { 'its root': [old] } };
  },
  "an ACME CA's, ECDSA, signed by its older root": () => {
    const x1 = authority({ subject: name('Own Root X1', 'Own Research Group'), key: own('rsa2048', 11) });
    const x2 = authority({ subject: name('Own Root X2', 'Own Research Group'), key: own('p384', 1) });
    const e5 = authority({
      subject: name('E5', 'Own Encrypt'),
      key: own('p384', 2),
      issuer: x2,
      hash: 'sha384',
      ...SERVER,
    });
    const byX1 = crossSigned(e5, x1, SERVER);
    const leaf = publicLeaf(e5, { key: own('p256', 0), keyUsage: ['digitalSignature'], hash: 'sha384' });
    return { file: [leaf, byX1], stores: { 'the older root': [x1], 'both roots': [x1, x2] } };
  },
  "an ACME CA's, ECDSA, its newer root in a form of the older": () => {
    const x1 = authority({ subject: name('Own Root X1', 'Own Research Group'), key: own('rsa2048', 11) });
    const x2 = authority({ subject: name('Own Root X2', 'Own Research Group'), key: own('p384', 1) });
    const e1 = authority({
      subject: name('E1', 'Own Encrypt'),
      key: own('p384', 2),
      issuer: x2,
      hash: 'sha384',
      ...SERVER,
    });
    const leaf = publicLeaf(e1, { key: own('p256', 0), keyUsage: ['digitalSignature'], hash: 'sha384' });
    return {
      file: [leaf, e1, crossSigned(x2, x1)],
      stores: { 'the older root': [x1], 'the newer root': [x2], 'both roots': [x1, x2] },
    };
  },
  "an ACME CA's of the next generation, for servers only": () => {
    const x1 = authority({ subject: name('Own Root X1', 'Own Research Group'), key: own('rsa2048', 11) });
    const yr = authority({ subject: name('Root YR', 'OWNRG'), key: own('rsa2048', 12) });
    const yr1 = authority({
      subject: name('YR1', 'Own Encrypt'),
      key: own('rsa2048', 2),
      issuer: yr,
      eku: ['serverAuth'],
      pathLength: 0,
    });
    return {
      file: [publicLeaf(yr1), yr1, crossSigned(yr, x1)],
      stores: { 'the older root': [x1], 'the newer root': [yr], 'both roots': [x1, yr] },
    };
  },
  'a reseller, up to a root that has expired': () => {
    const old = authority({
      subject: 'CN=Added External CA Root,OU=External TTP Network,O=Added AB,C=SE',
      key: own('rsa2048', 3),
      hash: 'sha1',
      notAfter: days(-100),
    });
    const root = authority({
      subject: name('USER RSA Certification Authority', 'The USER Network'),
      key: own('rsa2048', 11),
    });
    const cross = crossSigned(root, old, { notAfter: days(-100) });
    const dv = authority({
      subject: name('RSA DV Secure Server CA', 'Reseller Limited', 'GB'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return {
      file: [publicLeaf(dv), dv, cross, old],
      stores: { 'the new root': [root], 'both roots': [old, root] },
    };
  },
  'a reseller, up to an older root': () => {
    const old = authority({
      subject: name('AAA Services', 'Old CA Limited', 'GB'),
      key: own('rsa2048', 3),
      hash: 'sha1',
    });
    const root = authority({
      subject: name('USER RSA Certification Authority', 'The USER Network'),
      key: own('rsa2048', 11),
      hash: 'sha384',
    });
    const cross = crossSigned(root, old, { hash: 'sha384' });
    const dv = authority({
      subject: name('RSA DV Secure Server CA', 'Reseller Limited', 'GB'),
      key: own('rsa2048', 2),
      issuer: root,
      hash: 'sha384',
      ...SERVER,
    });
    return {
      file: [publicLeaf(dv), dv, cross],
      stores: { 'the new root': [root], 'the old root': [old], 'both roots': [old, root] },
    };
  },
  'a reseller of 2025, three roots high': () => {
    const old = authority({
      subject: name('USER RSA Certification Authority', 'The USER Network'),
      key: own('rsa2048', 11),
      hash: 'sha384',
    });
    const root = authority({
      subject: name('Public Server Authentication Root R46', 'Reseller Limited', 'GB'),
      key: own('rsa2048', 12),
      hash: 'sha384',
    });
    const cross = crossSigned(root, old, { hash: 'sha384', eku: ['serverAuth', 'clientAuth'] });
    const dv = authority({
      subject: name('Public Server Authentication CA DV R36', 'Reseller Limited', 'GB'),
      key: own('rsa2048', 21),
      issuer: root,
      hash: 'sha384',
      ...SERVER,
    });
    return {
      file: [publicLeaf(dv, { hash: 'sha384' }), dv, cross],
      stores: { 'the new root': [root], 'the old root': [old], 'both roots': [old, root] },
    };
  },
  'a registrar, up to its class 2 root signed with SHA-1': () => {
    const class2 = authority({
      subject: [
        [['C', 'US']],
        [['O', 'The Registrar Group, Inc.']],
        [['OU', 'Registrar Class 2 Certification Authority']],
      ],
      key: own('rsa2048', 3),
      hash: 'sha1',
      keyUsage: null,
    });
    const root = authority({
      subject: [
        [['C', 'US']],
        [['ST', 'Arizona']],
        [['L', 'Scottsdale']],
        [['O', 'Registrar.com, Inc.']],
        [['CN', 'Registrar Root Certificate Authority - G2']],
      ],
      key: own('rsa2048', 1),
      keyUsage: ['keyCertSign', 'cRLSign'],
    });
    const cross = crossSigned(root, class2, {
      keyUsage: ['keyCertSign', 'cRLSign'],
      extensions: [POLICY('2.5.29.32.0')],
    });
    const g2 = authority({
      subject: name('Registrar Secure Certificate Authority - G2', 'Registrar.com'),
      key: own('rsa2048', 2),
      issuer: root,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extensions: [POLICY('2.5.29.32.0')],
    });
    return {
      file: [publicLeaf(g2, { ...BOTH, notAfter: days(390) }), g2, cross, class2],
      stores: { 'the new root': [root], 'the class 2 root': [class2], 'both roots': [root, class2] },
    };
  },
  "a search engine's, RSA": () => {
    const old = authority({
      subject: 'CN=World Root CA,OU=Root CA,O=World nv-sa,C=BE',
      key: own('rsa2048', 3),
      hash: 'sha1',
    });
    const root = authority({
      subject: name('GT Root R1', 'Search Trust Services LLC'),
      key: own('rsa2048', 11),
    });
    const wr2 = authority({
      subject: name('WR2', 'Search Trust Services'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return {
      file: [publicLeaf(wr2), wr2, crossSigned(root, old)],
      stores: { 'the new root': [root], 'the old root': [old], 'both roots': [root, old] },
    };
  },
  "a search engine's, ECDSA below an RSA root": () => {
    const old = authority({
      subject: 'CN=World Root CA,OU=Root CA,O=World nv-sa,C=BE',
      key: own('rsa2048', 3),
      hash: 'sha1',
    });
    const root = authority({ subject: name('GT Root R4', 'Search Trust Services LLC'), key: own('p384', 1) });
    const we1 = authority({
      subject: name('WE1', 'Search Trust Services'),
      key: own('p256', 2),
      issuer: root,
      hash: 'sha384',
      ...SERVER,
    });
    const leaf = publicLeaf(we1, {
      key: own('p256', 0),
      keyUsage: ['digitalSignature'],
      eku: ['serverAuth'],
    });
    return {
      file: [leaf, we1, crossSigned(root, old)],
      stores: { 'the new root': [root], 'the old root': [old], 'both roots': [root, old] },
    };
  },
  "an enterprise CA's, whose root has no common name of its own": () => {
    const root = authority({
      subject: [[['OU', 'World Root CA - R3']], [['O', 'World']], [['CN', 'World']]],
      key: own('rsa2048', 1),
      keyUsage: ['keyCertSign', 'cRLSign'],
    });
    const ov = authority({
      subject: name('World RSA OV SSL CA 2018', 'World nv-sa', 'BE'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return { file: [publicLeaf(ov, BOTH), ov], stores: { 'its root': [root] } };
  },
  "a cloud's, four certificates up to the star": () => {
    const class2 = authority({
      subject: [
        [['C', 'US']],
        [['O', 'Star Technologies, Inc.']],
        [['OU', 'Star Class 2 Certification Authority']],
      ],
      key: own('rsa2048', 3),
      hash: 'sha1',
      keyUsage: null,
    });
    const services = authority({
      subject: [
        [['C', 'US']],
        [['ST', 'Arizona']],
        [['L', 'Scottsdale']],
        [['O', 'Star Technologies, Inc.']],
        [['CN', 'Star Services Root Certificate Authority - G2']],
      ],
      key: own('rsa2048', 4),
    });
    const root = authority({ subject: name('Cloud Root CA 1', 'Cloud'), key: own('rsa2048', 1) });
    const m02 = authority({
      subject: name('Cloud RSA 2048 M02', 'Cloud'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return {
      file: [publicLeaf(m02, BOTH), m02, crossSigned(root, services), crossSigned(services, class2)],
      stores: {
        'the newest root': [root],
        'the middle root': [services],
        'the oldest root': [class2],
        'all three': [root, services, class2],
      },
    };
  },
  "a commercial CA's, its root signed with SHA-1": () => {
    const root = authority({
      subject: name('Commercial Global Root CA', 'Commercial Inc'),
      key: own('rsa2048', 1),
      hash: 'sha1',
    });
    const ca = authority({
      subject: name('Commercial TLS RSA SHA256 2020 CA1', 'Commercial Inc'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return { file: [publicLeaf(ca, BOTH), ca], stores: { 'its root': [root] } };
  },
  "a commercial CA's, and the root in the file": () => {
    const root = authority({
      subject: name('Commercial Global Root G2', 'Commercial Inc'),
      key: own('rsa2048', 1),
    });
    const ca = authority({
      subject: name('Commercial Global G2 TLS RSA SHA256 2020 CA1', 'Commercial Inc'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return { file: [publicLeaf(ca, BOTH), ca, root], stores: { 'its root': [root] } };
  },
  "a commercial CA's, its newer root signed by the older": () => {
    const old = authority({
      subject: name('Commercial Global Root CA', 'Commercial Inc'),
      key: own('rsa2048', 1),
      hash: 'sha1',
    });
    const root = authority({
      subject: name('Commercial Global Root G2', 'Commercial Inc'),
      key: own('rsa2048', 3),
    });
    const ca = authority({
      subject: name('Commercial Global G2 TLS RSA SHA256 2020 CA1', 'Commercial Inc'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    return {
      file: [publicLeaf(ca, BOTH), ca, crossSigned(root, old)],
      stores: { 'the new root': [root], 'the old root': [old], 'both roots': [root, old] },
    };
  },
  "a commercial CA's, ECDSA": () => {
    const root = authority({
      subject: name('Commercial Global Root G3', 'Commercial Inc'),
      key: own('p384', 1),
      hash: 'sha384',
    });
    const ca = authority({
      subject: name('Commercial Global G3 TLS ECC SHA384 2020 CA1', 'Commercial Inc'),
      key: own('p384', 2),
      issuer: root,
      hash: 'sha384',
      ...SERVER,
    });
    const leaf = publicLeaf(ca, { key: own('p256', 0), hash: 'sha384', keyUsage: ['digitalSignature'] });
    return { file: [leaf, ca], stores: { 'its root': [root] } };
  },
  "a CA's up to one of Poland, with SHA-1 at the top": () => {
    const old = authority({
      subject: name('Old CA', 'Old Sp. z o.o.', 'PL'),
      key: own('rsa2048', 3),
      hash: 'sha1',
      keyUsage: null,
    });
    const root = authority({
      subject: name('Trusted Network CA', 'Trusted S.A.', 'PL'),
      key: own('rsa2048', 1),
    });
    const dv = authority({
      subject: name('Domain Validation CA SHA2', 'Trusted S.A.', 'PL'),
      key: own('rsa2048', 2),
      issuer: root,
      pathLength: 0,
    });
    return {
      file: [publicLeaf(dv), dv, crossSigned(root, old)],
      stores: { 'the new root': [root], 'the old root': [old], 'both roots': [root, old] },
    };
  },
  'a government CA, with policies and constraints on them': () => {
    const root = authority({
      subject: name('Government Root CA', 'Government', 'NL'),
      key: own('rsa2048', 11),
    });
    const domain = authority({
      subject: name('Government Domain Server CA', 'Government', 'NL'),
      key: own('rsa2048', 12),
      issuer: root,
      extensions: [POLICY('2.16.528.1.1003.1.2.5.9')],
    });
    const server = authority({
      subject: name('Provider Server CA', 'Provider BV', 'NL'),
      key: own('rsa2048', 2),
      issuer: domain,
      pathLength: 0,
      eku: ['serverAuth', 'clientAuth'],
      extensions: [POLICY('2.16.528.1.1003.1.2.5.9')],
    });
    const leaf = publicLeaf(server, { extensions: [POLICY('2.16.528.1.1003.1.2.5.9'), ocsp] });
    return { file: [leaf, server, domain], stores: { 'its root': [root] } };
  },
  'a technically constrained CA of a company': () => {
    const root = authority({
      subject: name('Commercial Global Root G2', 'Commercial Inc'),
      key: own('rsa2048', 1),
    });
    const ca = authority({
      subject: name('Company TLS CA', 'Company'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
      nameConstraints: { permitted: ['example.com', 'example.org'], excluded: ['ip:0.0.0.0/0', 'ip:::/0'] },
    });
    return { file: [publicLeaf(ca), ca], stores: { 'its root': [root] } };
  },
  'a leaf that is stapled': () => {
    const root = authority({
      subject: name('Commercial Global Root G2', 'Commercial Inc'),
      key: own('rsa2048', 1),
    });
    const ca = authority({
      subject: name('Commercial Staple CA', 'Commercial Inc'),
      key: own('rsa2048', 2),
      issuer: root,
      ...SERVER,
    });
    const leaf = publicLeaf(ca, {
      extensions: [ocsp, { oid: '1.3.6.1.5.5.7.1.24', value: hex('3003020105') }],
    });
    return { file: [leaf, ca], stores: { 'its root': [root] } };
  },
};

const hasExpiredRoot = ({ file }: Bundle): boolean =>
  file.some(({ pem }) => {
    const { subject, issuer, validTo } = new X509Certificate(pem);
    return subject === issuer && new Date(validTo) < new Date();
  });

/** Each bundle as it is delivered, for each store of roots, with that store in `--ca-file` and without. */
export const bundles = (): Case[] =>
  Object.entries(BUNDLES).flatMap(([what, make]) => {
    let made: Bundle | undefined;
    const bundle = (): Bundle => {
      made ??= make();
      return made;
    };
    const stores = Object.keys(bundle().stores);
    return stores.flatMap((store) =>
      [false, true].map((known): Case => {
        const of = () => {
          const { file, stores: all } = bundle();
          const { crt, key: privateKey } = filesOf(file);
          const root = pemOf(all[store] ?? []).toString();
          const values = { crt: written(crt), key: written(privateKey), root, more: MORE };
          return known ? { ...values, caFile: root } : values;
        };
        const trust = known ? `${store} trusted and known` : `${store} trusted`;
        const traits: Trait[] = !known && hasExpiredRoot(bundle()) ? ['an expired root in the file'] : [];
        return { family: 'bundles of public CAs', name: `${what}; ${trust}`, traits, make: of };
      }),
    );
  });
