/**
 * What the usual tools make when nobody asks for anything special: their profiles, with names and keys of their own.
 * Once the root is known none may have an error, but for an empty issuer, which Java refuses.
 */
import {
  type Issued,
  type IssueOptions,
  issue,
  type KeyKind,
  key,
  pkcs1,
  pkcs8,
  sec1,
} from '../support/pki.ts';
import { type Case, HOST, type Trait, written } from './case.ts';
import { ascii, hex, oid, seq, tlv, usualName } from './der.ts';
import { pemOf } from './ladder.ts';

const DAY = 24 * 60 * 60 * 1000;
const days = (count: number): Date => new Date(Date.now() + count * DAY);
const MORE = `general:\n  lightrun_endpoint: ${HOST}\n`;
const own = (kind: KeyKind, n: number) => key(kind, 340 + n);

/** A chain of a tool, leaf first and root last, and how it writes the private key. */
interface Made {
  chain: Issued[];
  key?: (privateKey: Issued['privateKey']) => string;
  /** Text in front of the leaf. */
  preamble?: string;
}

const GO_CA = { keyUsage: ['digitalSignature', 'keyEncipherment', 'keyCertSign'] } as const;
const BOTH = { eku: ['serverAuth', 'clientAuth'] } as const;
const nobody: IssueOptions = { subject: '' };

/** Subject alternative names in an extension that is critical, as Go writes them where there is no subject. */
const criticalSan = (...names: string[]) => ({
  san: null,
  extensions: [{ oid: '2.5.29.17', critical: true, value: seq(...names.map((each) => ascii(0x82, each))) }],
});

/** An authority key identifier with the issuer's name and serial number beside the key's, as OpenSSL's `always`. */
const longAuthority = (issuer: Issued, serial: Uint8Array) => ({
  akid: false,
  extensions: [
    {
      oid: '2.5.29.35',
      value: seq(
        tlv(0x80, issuer.subjectKeyId),
        tlv(0xa1, tlv(0xa4, usualName(String(issuer.subject)))),
        tlv(0x82, serial),
      ),
    },
  ],
});

/** Basic constraints that are not critical, as old configurations of OpenSSL write them. */
const plainConstraints = (ca: boolean) => ({ oid: '2.5.29.19', value: hex(ca ? '30030101ff' : '3000') });
const plainUsage = (value: string) => ({ oid: '2.5.29.15', value: hex(value) });

const TOOLS: Readonly<Record<string, () => Made>> = {
  'cert-manager, a CA issuer': () => {
    const root = issue({ subject: 'CN=lightrun-ca', key: own('p256', 5), ca: true, ...GO_CA });
    const leaf = issue({ issuer: root, key: own('rsa2048', 0), eku: null });
    return { chain: [leaf, root], key: pkcs1 };
  },
  'cert-manager, DNS names only': () => {
    const root = issue({ subject: 'CN=lightrun-ca', key: own('p256', 5), ca: true, ...GO_CA });
    const leaf = issue({ ...nobody, issuer: root, key: own('rsa2048', 0), eku: null, ...criticalSan(HOST) });
    return { chain: [leaf, root], key: pkcs1 };
  },
  'cert-manager, for servers, ECDSA in PKCS#8': () => {
    const root = issue({ subject: 'CN=lightrun-ca,O=Platform', key: own('p256', 5), ca: true, ...GO_CA });
    const leaf = issue({ issuer: root, key: own('p256', 0) });
    return { chain: [leaf, root] };
  },
  'cert-manager, an intermediate': () => {
    const root = issue({ subject: 'CN=lightrun-root', key: own('p256', 5), ca: true, ...GO_CA });
    const middle = issue({
      subject: 'CN=lightrun-intermediate',
      issuer: root,
      key: own('p256', 6),
      ca: true,
      ...GO_CA,
    });
    const leaf = issue({ issuer: middle, key: own('rsa2048', 0), eku: null });
    return { chain: [leaf, middle, root], key: pkcs1 };
  },
  'cert-manager, self-signed': () => ({
    chain: [issue({ key: own('rsa2048', 0), eku: null })],
    key: pkcs1,
  }),
  'cert-manager, self-signed, DNS names only (an empty issuer)': () => ({
    chain: [issue({ ...nobody, key: own('rsa2048', 0), eku: null, ...criticalSan(HOST) })],
    key: pkcs1,
  }),
  'cert-manager, a CA with DNS names only (an empty issuer)': () => {
    const root = issue({
      ...nobody,
      key: own('p256', 5),
      ca: true,
      ...GO_CA,
      ...criticalSan('ca.example.com'),
    });
    return { chain: [issue({ issuer: root, key: own('rsa2048', 0), eku: null }), root], key: pkcs1 };
  },
  'Vault, its root': () => {
    const root = issue({
      subject: 'CN=example.com',
      key: own('rsa2048', 1),
      ca: true,
      akid: true,
      san: ['example.com'],
    });
    const leaf = issue({
      issuer: root,
      key: own('rsa2048', 0),
      ca: null,
      keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
      ...BOTH,
    });
    return { chain: [leaf, root], key: pkcs1 };
  },
  'Vault, an intermediate': () => {
    const root = issue({
      subject: 'CN=example.com',
      key: own('rsa2048', 1),
      ca: true,
      akid: true,
      san: ['example.com'],
    });
    const middle = issue({
      subject: 'CN=example.com Intermediate Authority',
      key: own('rsa2048', 2),
      ca: true,
      issuer: root,
    });
    const leaf = issue({
      issuer: middle,
      key: own('rsa2048', 0),
      ca: null,
      keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
      ...BOTH,
    });
    return { chain: [leaf, middle, root], key: pkcs1 };
  },
  'Vault, EC': () => {
    const root = issue({
      subject: 'CN=example.com',
      key: own('p256', 1),
      ca: true,
      akid: true,
      san: ['example.com'],
    });
    const leaf = issue({
      issuer: root,
      key: own('p256', 0),
      ca: null,
      keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
      ...BOTH,
    });
    return { chain: [leaf, root], key: pkcs8 };
  },
  'step-ca': () => {
    const root = issue({
      subject: 'CN=Own CA Root CA,O=Own CA',
      key: own('p256', 1),
      ca: true,
      pathLength: 1,
    });
    const middle = issue({
      subject: 'CN=Own CA Intermediate CA,O=Own CA',
      key: own('p256', 2),
      ca: true,
      pathLength: 0,
      issuer: root,
    });
    const leaf = issue({
      issuer: middle,
      key: own('p256', 0),
      ca: null,
      keyUsage: ['digitalSignature'],
      ...BOTH,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: days(1),
      extensions: [
        {
          oid: '1.3.6.1.4.1.37476.9000.64.1',
          value: seq(hex('020101'), ascii(0x04, 'admin'), ascii(0x04, 'identifier')),
        },
      ],
    });
    return { chain: [leaf, middle, root], key: pkcs8 };
  },
  'AD CS, the WebServer template': () => {
    const directory = [[['DC', 'com']], [['DC', 'example']]] as const;
    const root = issue({
      subject: [...directory, [['CN', 'example-DC01-CA', 'printable']]],
      key: own('rsa2048', 1),
      ca: true,
      keyUsage: null,
      extensions: [plainUsage('03020186'), { oid: '1.3.6.1.4.1.311.21.1', value: hex('020100') }],
    });
    const template = seq(oid('1.3.6.1.4.1.311.21.8.1.2.3.4'), hex('020164'), hex('020104'));
    const crl = tlv(
      0xa0,
      tlv(
        0xa0,
        ascii(
          0x86,
          'ldap:///CN=example-DC01-CA,CN=DC01,CN=CDP,DC=example,DC=com?certificateRevocationList?base',
        ),
      ),
    );
    const leaf = issue({
      issuer: root,
      key: own('rsa2048', 0),
      subject: [
        [['C', 'US']],
        [['ST', 'Texas', 'printable']],
        [['O', 'Example', 'printable']],
        [['CN', HOST, 'printable']],
      ],
      ca: null,
      notAfter: days(700),
      extensions: [
        { oid: '1.3.6.1.4.1.311.21.7', value: template },
        { oid: '1.3.6.1.4.1.311.21.10', value: seq(seq(oid('1.3.6.1.5.5.7.3.1'))) },
        { oid: '2.5.29.31', value: seq(seq(crl)) },
      ],
    });
    return { chain: [leaf, root] };
  },
  'AD CS, an issuing CA below a root': () => {
    const root = issue({
      subject: [[['CN', 'Example Root CA', 'printable']]],
      key: own('rsa2048', 11),
      ca: true,
      keyUsage: null,
      extensions: [plainUsage('03020186'), { oid: '1.3.6.1.4.1.311.21.1', value: hex('020100') }],
    });
    const middle = issue({
      subject: [[['DC', 'com']], [['DC', 'example']], [['CN', 'Example Issuing CA', 'printable']]],
      issuer: root,
      key: own('rsa2048', 2),
      ca: true,
      keyUsage: null,
      extensions: [
        plainUsage('03020186'),
        { oid: '1.3.6.1.4.1.311.21.1', value: hex('020100') },
        // SubCA, as a BMPString.
        { oid: '1.3.6.1.4.1.311.20.2', value: tlv(0x1e, Buffer.from('SubCA', 'utf16le').swap16()) },
      ],
    });
    const leaf = issue({ issuer: middle, key: own('rsa2048', 0), ca: null, notAfter: days(700) });
    return { chain: [leaf, middle, root] };
  },
  'AD CS, signed with PSS': () => {
    const root = issue({ subject: 'CN=Example Root CA', key: own('rsa2048', 1), ca: true, pss: true });
    return { chain: [issue({ issuer: root, key: own('rsa2048', 0), pss: true, ca: null }), root] };
  },
  cfssl: () => {
    const root = issue({
      subject: 'CN=Own CA,OU=CA,O=Own,L=San Francisco,ST=California,C=US',
      key: own('rsa2048', 1),
      ca: true,
      pathLength: 2,
    });
    const middle = issue({
      subject: 'CN=Own Intermediate CA,O=Own,C=US',
      key: own('rsa2048', 2),
      ca: true,
      pathLength: 0,
      issuer: root,
    });
    return { chain: [issue({ issuer: middle, key: own('rsa2048', 0), ...BOTH }), middle, root], key: pkcs1 };
  },
  'easy-rsa': () => {
    const serial = Buffer.from('41424344454647', 'hex');
    const root = issue({
      subject: 'CN=Easy-RSA CA',
      key: own('rsa2048', 1),
      ca: null,
      keyUsage: null,
      eku: null,
      san: null,
      serial,
      extensions: [plainConstraints(true), plainUsage('03020106')],
    });
    const { extensions: authority, akid } = longAuthority(root, serial);
    const leaf = issue({
      issuer: root,
      key: own('rsa2048', 0),
      ca: null,
      keyUsage: null,
      akid,
      extensions: [plainConstraints(false), ...authority, plainUsage('030205a0')],
      notAfter: days(800),
    });
    return {
      chain: [leaf, root],
      preamble: 'Certificate:\n    Data:\n        Version: 3 (0x2)\n        Issuer: CN=Easy-RSA CA\n',
    };
  },
  mkcert: () => {
    const root = issue({
      subject: 'CN=mkcert ops@laptop,OU=ops@laptop,O=mkcert development CA',
      key: own('rsa2048', 21),
      ca: true,
      pathLength: 0,
      keyUsage: ['keyCertSign'],
    });
    const leaf = issue({
      issuer: root,
      subject: 'OU=ops@laptop,O=mkcert development certificate',
      key: own('rsa2048', 0),
      ca: null,
      notAfter: days(820),
    });
    return { chain: [leaf, root] };
  },
  'keytool, self-signed with a name': () => ({
    chain: [
      issue({
        subject: 'CN=lightrun.example.com,OU=Platform,O=Example,L=Unknown,ST=Unknown,C=US',
        key: own('rsa2048', 0),
        ca: null,
        keyUsage: null,
        eku: null,
        hash: 'sha384',
      }),
    ],
  }),
  'keytool, issued by a CA of its own': () => {
    const root = issue({
      subject: 'CN=keytool ca,O=Example',
      key: own('rsa2048', 1),
      ca: null,
      keyUsage: null,
      eku: null,
      san: null,
      hash: 'sha384',
      extensions: [plainConstraints(true)],
    });
    const leaf = issue({
      issuer: root,
      key: own('rsa2048', 0),
      ca: null,
      keyUsage: null,
      eku: null,
      hash: 'sha384',
    });
    return { chain: [leaf, root] };
  },
  kubeadm: () => {
    const root = issue({
      subject: 'CN=kubernetes',
      key: own('rsa2048', 1),
      ca: true,
      san: ['kubernetes'],
      ...GO_CA,
    });
    return { chain: [issue({ issuer: root, key: own('rsa2048', 0) }), root], key: pkcs1 };
  },
  "the cluster's own signer": () => {
    const root = issue({
      subject: 'CN=kubernetes',
      key: own('rsa2048', 1),
      ca: true,
      san: ['kubernetes'],
      ...GO_CA,
    });
    const leaf = issue({
      subject: 'CN=system:node:lightrun,O=system:nodes',
      issuer: root,
      key: own('p256', 0),
      keyUsage: ['digitalSignature'],
      skid: false,
    });
    return { chain: [leaf, root], key: pkcs8 };
  },
  'AWS PCA': () => {
    const root = issue({
      subject: 'CN=Example Root,O=Example,C=US',
      key: own('rsa2048', 1),
      ca: true,
      keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
    });
    const middle = issue({
      subject: 'CN=Example Subordinate,O=Example,C=US',
      issuer: root,
      key: own('rsa2048', 2),
      ca: true,
      pathLength: 0,
      keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
    });
    const leaf = issue({
      issuer: middle,
      key: own('rsa2048', 0),
      ca: null,
      extensions: [plainConstraints(false)],
      ...BOTH,
      notAfter: days(395),
    });
    return { chain: [leaf, middle, root] };
  },
  Caddy: () => {
    const root = issue({
      subject: 'CN=Own Local Authority - 2026 ECC Root',
      key: own('p256', 1),
      ca: true,
      pathLength: 1,
    });
    const middle = issue({
      subject: 'CN=Own Local Authority - ECC Intermediate',
      key: own('p256', 2),
      ca: true,
      pathLength: 0,
      issuer: root,
      notAfter: days(7),
    });
    const leaf = issue({
      ...nobody,
      issuer: middle,
      key: own('p256', 0),
      ca: null,
      keyUsage: ['digitalSignature'],
      ...BOTH,
      ...criticalSan(HOST),
      notAfter: new Date(Date.now() + DAY / 2),
    });
    return { chain: [leaf, middle, root], key: sec1 };
  },
  "Helm's genSignedCert": () => {
    const root = issue({ subject: 'CN=lightrun-ca', key: own('rsa2048', 1), ca: true, ...GO_CA, ...BOTH });
    return {
      chain: [issue({ issuer: root, key: own('rsa2048', 0), ...BOTH, notAfter: days(365) }), root],
      key: pkcs1,
    };
  },
  "Helm's genSelfSignedCert": () => ({
    chain: [issue({ key: own('rsa2048', 0), ...BOTH, notAfter: days(365) })],
    key: pkcs1,
  }),
  'Terraform, the tls provider': () => {
    const root = issue({
      subject: 'CN=Own CA,O=Example',
      key: own('p384', 1),
      ca: true,
      keyUsage: ['keyCertSign', 'cRLSign', 'digitalSignature'],
    });
    const leaf = issue({ issuer: root, key: own('rsa2048', 0), notAfter: days(365) });
    return { chain: [leaf, root], key: pkcs1 };
  },
  "OpenShift's service CA": () => {
    const root = issue({
      subject: 'CN=openshift-service-serving-signer@1764160000',
      key: own('rsa2048', 1),
      ca: true,
      ...GO_CA,
    });
    const leaf = issue({
      issuer: root,
      key: own('rsa2048', 0),
      extensions: [
        { oid: '1.3.6.1.4.1.2312.17.100.2.1', value: ascii(0x13, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6') },
      ],
      notAfter: days(730),
    });
    return { chain: [leaf, root], key: pkcs1 };
  },
  "the page's openssl req -x509": () => ({
    chain: [
      issue({
        key: own('rsa2048', 0),
        san: null,
        ca: true,
        akid: true,
        keyUsage: null,
        eku: null,
        notAfter: days(365),
      }),
    ],
  }),
  "the page's openssl req -x509, with -addext": () => ({
    chain: [
      issue({ key: own('rsa2048', 0), ca: true, akid: true, keyUsage: null, eku: null, notAfter: days(365) }),
    ],
  }),
  'openssl x509 -req, with a file of extensions': () => {
    const root = issue({
      subject: 'CN=Own CA,O=Example',
      key: own('rsa2048', 1),
      ca: true,
      akid: true,
      keyUsage: null,
    });
    const leaf = issue({ issuer: root, key: own('rsa2048', 0), ca: null, keyUsage: null, eku: null });
    return { chain: [leaf, root] };
  },
  'openssl x509 -req, version 1': () => {
    const root = issue({
      subject: 'CN=Own CA,O=Example',
      key: own('rsa2048', 1),
      ca: true,
      akid: true,
      keyUsage: null,
    });
    return { chain: [issue({ issuer: root, key: own('rsa2048', 0), version: 1 }), root] };
  },
  "openssl ca's usr_cert": () => {
    const root = issue({
      subject: 'CN=Own CA,O=Example',
      key: own('rsa2048', 1),
      ca: true,
      akid: true,
      keyUsage: null,
    });
    const comment = { oid: '2.16.840.1.113730.1.13', value: ascii(0x16, 'OpenSSL Generated Certificate') };
    const leaf = issue({
      issuer: root,
      key: own('rsa2048', 0),
      ca: null,
      keyUsage: null,
      eku: null,
      extensions: [plainConstraints(false), comment],
    });
    return { chain: [leaf, root] };
  },
  'Istio, an intermediate of a company': () => {
    const root = issue({ subject: 'CN=Root CA,O=Istio', key: own('rsa2048', 11), ca: true });
    const middle = issue({
      subject: 'CN=Intermediate CA,O=Istio,L=cluster1',
      issuer: root,
      key: own('rsa2048', 12),
      ca: true,
      pathLength: 0,
      san: ['istiod.istio-system.svc'],
    });
    return { chain: [issue({ issuer: middle, key: own('rsa2048', 0), ...BOTH }), middle, root], key: pkcs1 };
  },
  'a firewall that inspects TLS': () => {
    const root = issue({
      subject: 'CN=Firewall Trust,O=Example',
      key: own('rsa2048', 1),
      ca: true,
      keyUsage: ['keyCertSign', 'cRLSign', 'digitalSignature'],
    });
    return { chain: [issue({ issuer: root, key: own('rsa2048', 0), akid: false, skid: false }), root] };
  },
};

/** Which certificates of a chain a person puts into the file. */
const FILES: Readonly<Record<string, (chain: readonly Issued[]) => Issued[]>> = {
  'the whole chain': (chain) => [...chain],
  'without the root': (chain) => chain.slice(0, -1),
  'the leaf alone': (chain) => chain.slice(0, 1),
};

/** Each tool's chain: whole, without its root, the leaf alone; the root known by `--ca-file` or not. */
export const defaults = (): Case[] =>
  Object.entries(TOOLS).flatMap(([tool, make]) => {
    const { chain, key: keyOf = pkcs8, preamble = '' } = make();
    const files = Object.entries(FILES).filter(
      ([, of], at) => at === 0 || (of(chain).length > 0 && (at < 2 || chain.length > 2)),
    );
    return files.flatMap(([what, of]) =>
      [false, true].map((known): Case => {
        const values = () => {
          const [leaf] = chain as [Issued];
          const root = (chain.at(-1) as Issued).pem;
          const crt = Buffer.concat([Buffer.from(preamble), pemOf(of(chain))]);
          const made = {
            crt: written(crt),
            key: written(Buffer.from(keyOf(leaf.privateKey))),
            root,
            more: MORE,
          };
          return known ? { ...made, caFile: root } : made;
        };
        const name = `${tool}: ${what}${known ? ', the root known' : ''}`;
        const lone = !known && of(chain).length === 1 && chain.length === 2;
        const traits: Trait[] = lone ? ['lone leaf below its root'] : [];
        return { family: 'what tools make by default', name, traits, make: values };
      }),
    );
  });
