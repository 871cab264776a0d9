/** The rules on what is in the two values, beyond single cases (test/rules/cases/): what they say, and in which order. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fix } from '../../src/fix/fix.ts';
import type { LintOptions } from '../../src/lint/lint.ts';
import { publicRoots, rootsOf } from '../../src/x509/roots.ts';
import { encoded, oid, sequence, tagged } from '../support/asn1.ts';
import { encryptedKey } from '../support/encrypted-key.ts';
import { lintText, rulesOf } from '../support/lint.ts';
import { chain, type Issued, type IssueOptions, issue, type KeyKind, key, pkcs8 } from '../support/pki.ts';
import { readOne } from '../support/read.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const DAY = 24 * 60 * 60 * 1000;
const caIssuer = (url: string) => sequence([oid('1.3.6.1.5.5.7.48.2'), tagged(6, Buffer.from(url))]);
const NULL = Buffer.from('0500', 'hex');
const own = chain({ depth: 3, tag: 'clients' });
const [leaf, lower, upper, root] = own.all as [Issued, Issued, Issued, Issued];
const old = issue({ subject: 'CN=Old', ca: true, key: key('p256', 95) });
const expired: IssueOptions = {
  notBefore: new Date(Date.now() - 900 * DAY),
  notAfter: new Date(Date.now() - 9 * DAY),
};
const oldExpired = issue({ subject: 'CN=Old', ca: true, key: key('p256', 95), ...expired });
/** Another certificate for the name and key of the leaf's issuer. */
const again = (changes: IssueOptions): Issued =>
  issue({ subject: lower.subject, key: lower.privateKey, issuer: upper, ca: true, ...changes });
const [cross, noCa, forClients] = [
  again({ issuer: old }),
  again({ ca: false }),
  again({ eku: ['clientAuth'] }),
];
const critical = again({ extensions: [{ oid: '1.2.3.4', critical: true, value: NULL }] });

const pemOf = (certificates: readonly Issued[]): string => certificates.map(({ pem }) => pem).join('');
const lintFile = (crt: string, owner: Issued, options: Partial<LintOptions> = {}) =>
  lintText(inlineYaml(base64(crt), base64(pkcs8(owner.privateKey))), options);
const found = async (file: readonly Issued[], options: Partial<LintOptions> = {}) =>
  rulesOf(await lintFile(pemOf(file), file[0] as Issued, options)).sort();
/** Message and help of the only finding of a rule. */
async function said(rule: string, crt: string, owner: Issued): Promise<{ message: string; help: string }> {
  const { findings } = await lintFile(crt, owner);
  const own = findings.filter((finding) => finding.rule === rule);
  assert.is(own.length, 1);
  return own[0] as (typeof own)[0];
}

const IN_FRONT: [what: string, extra: Issued[], expected: string[], why: RegExp][] = [
  [
    'cross-signed, and its issuer missing',
    [cross],
    ['chain-order'],
    /Certificate 2 \(.*\) then has no issuer in the file \(CN=Old\)/,
  ],
  [
    'cross-signed by what has expired',
    [cross, oldExpired],
    ['cert-expired=warning', 'chain-order'],
    /Certificate 3 \(CN=Old\) expired on \d{4}-\d\d-\d\d\. They would refuse the connection/,
  ],
  [
    'that is not a CA',
    [noCa],
    ['chain-order'],
    /Certificate 2 \(.*\) may not issue it: it says that it is not a CA/,
  ],
  ['for clients only', [forClients], ['chain-order'], /Certificate 2 \(.*\) may not be used for servers/],
  [
    'with an unknown critical extension',
    [critical],
    ['chain-order'],
    /Certificate 2 \(.*\) has a critical extension that TLS clients do not know/,
  ],
];
for (const [what, extra, expected, why] of IN_FRONT) {
  test(`a copy of an intermediate ${what}, in front of it: the order that is shown is right, and so is that of --fix`, async () => {
    const file = [leaf, ...extra, lower, upper, root];
    assert.equal(await found(file), expected);
    const { message, help } = await said('chain-order', pemOf(file), leaf);
    assert.match(message, why);
    const at = 2 + extra.length;
    assert.match(
      message,
      new RegExp(`Both certificate 2 .* and certificate ${at} .* match as the issuer of certificate 1 `),
    );
    const shown = [...help.matchAll(/^ +\d+\. .*\(now (\d+)\)$/gm)].map(([, now]) => file[Number(now) - 1]);
    assert.equal(shown, [leaf, lower, upper, root, ...extra]);
    assert.not((await found(shown as Issued[])).includes('chain-order'));
    const { crt, applied } = fix(base64(pemOf(file)), base64(pkcs8(leaf.privateKey)), {
      roots: publicRoots(),
      at: new Date(),
    });
    assert.equal(applied, [{ about: 'crt', kind: 'order' }]);
    assert.is(Buffer.from(crt ?? '', 'base64').toString(), pemOf(shown as Issued[]));
  });
}

test('the same copies after it do no harm: what is not needed and never usable is a warning', async () => {
  const after = (copy: Issued) => found([leaf, lower, copy, upper, root]);
  assert.equal(await after(cross), []);
  assert.equal(await after(noCa), []);
  assert.equal(await after(critical), []);
  assert.equal(await after(forClients), ['cert-not-for-servers=warning']);
  assert.equal(await after(again(expired)), ['cert-expired=warning']);
});

test('a cross-signed copy in front is right where clients know its issuer', async () => {
  const options = { roots: rootsOf('ca-file', [readOne(old)]) };
  assert.equal(await found([leaf, cross, lower, upper, root], options), []);
});

test('what has expired in front misleads clients that take the first issuer', async () => {
  const before = await said('chain-order', pemOf([leaf, again(expired), lower, upper, root]), leaf);
  assert.match(before.message, /VS Code take the first/);
  const ending = again({ issuer: old, notAfter: new Date(Date.now() + 40 * DAY) });
  const file = [leaf, ending, lower, upper, root];
  assert.equal(await found(file), ['chain-order']);
  const at = new Date(Date.now() + 50 * DAY);
  assert.equal(await found(file, { at }), ['chain-order']);
});

test('another CA of the same name in front, without key identifiers: the order, not an extra one', async () => {
  const ids: IssueOptions = { skid: false, akid: false };
  const made = chain({ depth: 2, tag: 'same name', leaf: ids, intermediate: ids, root: ids });
  const [end, issuer, anchor] = made.all as [Issued, Issued, Issued];
  const other = issue({ subject: issuer.subject, key: key('p256', 96), issuer: anchor, ca: true, ...ids });
  assert.equal(await found([end, other, issuer, anchor]), ['chain-order']);
  assert.equal(await found([end, issuer, other, anchor]), ['chain-extra']);
  const { message, help } = await said('chain-order', pemOf([end, other, issuer, anchor]), end);
  assert.match(message, /Certificate 2 .* has another key than the one that signed certificate 1/);
  assert.match(help, /left out: .*\(now 2\)/);
});

test('an authority key identifier that names another certificate than the signer', async () => {
  const wrong = { akid: Buffer.alloc(20, 7) };
  const made = chain({ tag: 'akid', leaf: wrong });
  assert.equal(await found(made.all), ['chain-broken']);
  const { message, help } = await said('chain-broken', made.pem, made.leaf);
  const has = made.intermediates[0]?.subjectKeyId.toString('hex');
  assert.match(message, `one with the key identifier ${'07'.repeat(20)}, and this has ${has}`);
  assert.match(help, 'put it in the place of certificate 2');
  assert.equal(await found(chain({ tag: 'akid', intermediate: wrong }).all), ['chain-broken']);
  const withRoot = chain({ tag: 'akid', root: wrong });
  assert.equal(await found(withRoot.all), ['chain-broken']);
  assert.match((await said('chain-broken', withRoot.pem, withRoot.leaf)).message, /is self-signed, but/);
  assert.equal(await found([issue({ ...wrong, key: key('p256', 97) })]), [
    'cert-self-signed',
    'chain-broken',
  ]);
  assert.equal(await found(chain({ tag: 'akid', leaf: wrong, intermediate: { skid: false } }).all), []);
});

const USAGES = ['keyAgreement', 'keyEncipherment', 'digitalSignature'] as const;
const WITHOUT_SIGNATURE: [kind: KeyKind, expected: string][] = [
  ['p256', 'cert-not-for-servers'],
  ['p384', 'cert-not-for-servers'],
  ['rsa2048', 'cert-not-for-servers'],
];
for (const [kind, expected] of WITHOUT_SIGNATURE) {
  test(`a key usage without signature, ${kind}: ${expected}`, async () => {
    for (const usage of USAGES) {
      const end = issue({ issuer: lower, key: key(kind, 98), keyUsage: [usage] });
      const wanted = usage === 'digitalSignature' ? [] : [expected];
      assert.equal(await found([end, lower, upper, root]), wanted, usage);
    }
  });
}

test('a root for another purpose', async () => {
  for (const purpose of ['clientAuth', 'anyExtendedKeyUsage']) {
    const made = chain({ tag: 'purpose', root: { eku: [purpose] } });
    assert.equal(await found(made.all), ['cert-not-for-servers']);
    const { help } = await said('cert-not-for-servers', made.pem, made.leaf);
    assert.not.match(help, /digitalSignature/);
    const good = issue({ subject: made.root.subject, key: made.root.privateKey, ca: true });
    const options = { roots: rootsOf('ca-file', [readOne(good)]) };
    assert.equal(await found(made.all, options), ['cert-not-for-servers=warning'], 'clients know the root');
  }
  assert.equal(await found(chain({ tag: 'purpose', root: { eku: ['serverAuth'] } }).all), []);
});

const labelled = ({ pem }: Issued, label: string): string => pem.replaceAll(' CERTIFICATE', ` ${label}`);
const LABELS: [label: string, at: number, expected: string][] = [
  ['TRUSTED CERTIFICATE', 0, 'pem-noise'],
  ['TRUSTED CERTIFICATE', 1, 'pem-wrong-block'],
  ['TRUSTED CERTIFICATE', 2, 'pem-wrong-block'],
  ['TRUSTED CERTIFICATE', 3, 'pem-noise=warning'],
  ['X509 CERTIFICATE', 0, 'pem-noise'],
  ['X509 CERTIFICATE', 1, 'pem-noise=warning'],
];
for (const [label, at, expected] of LABELS) {
  test(`the label ${label} on certificate ${at + 1} of 4: ${expected}`, async () => {
    const crt = own.all.map((each, place) => (place === at ? labelled(each, label) : each.pem)).join('');
    const outcome = await lintFile(crt, leaf);
    assert.equal(rulesOf(outcome), [expected]);
    assert.match(outcome.findings[0]?.help ?? '', 'label CERTIFICATE');
  });
}

test("a CA certificate in the place of a server's is said to be that, once, and alone", async () => {
  const ca: IssueOptions = { subject: 'CN=CA', ca: true, san: null, keyUsage: ['keyCertSign', 'cRLSign'] };
  const authority = issue({ ...ca, key: key('p256', 97), notAfter: new Date(Date.now() + 7000 * DAY) });
  const below = issue({ ...ca, subject: 'CN=Lower CA', key: key('p256', 98), issuer: authority });
  for (const [file, owner, what] of [
    [[authority], leaf, 'and the private key does not belong to it. On install, the router would not start'],
    [[authority], authority, 'then clients would refuse'],
    [[below, authority], below, 'then clients would refuse'],
    [[below], below, 'then clients would refuse'],
  ] as const) {
    const { findings, consumers } = await lintFile(pemOf(file), owner);
    assert.equal(
      findings.map(({ rule }) => rule),
      ['cert-not-for-servers'],
    );
    const refusing = consumers.filter(({ accepts }) => !accepts).map(({ id }) => id);
    const router = owner === leaf ? ['nginx'] : [];
    assert.equal(refusing.sort(), ['browser', 'go', 'java', ...router, 'openssl']);
    assert.match(findings[0]?.message ?? '', 'is a CA certificate');
    assert.match(findings[0]?.message ?? '', what);
  }
  for (const meant of [
    { ...ca, san: ['lightrun.example.com'], keyUsage: null },
    { ...ca, keyUsage: ['keyCertSign', 'digitalSignature'] },
    { ...ca, keyUsage: null },
  ] as IssueOptions[]) {
    const { findings } = await lintFile(issue(meant).pem, issue(meant));
    assert.not(findings.some(({ message }) => message.includes('is a CA certificate')));
  }
});

test('a missing issuer: the addresses that the certificate names, harmless', async () => {
  const naming = (...urls: string[]) =>
    issue({
      issuer: lower,
      extensions: [{ oid: '1.3.6.1.5.5.7.1.1', value: encoded(sequence(urls.map(caIssuer))) }],
    });
  const helpFor = async (made: Issued) => (await said('chain-incomplete', made.pem, made)).help;
  assert.match(await helpFor(naming('http://ca.example/lower.crt')), '\n  http://ca.example/lower.crt\n');
  assert.not.match(await helpFor(naming('http://ca.example/\u001b[31m')), '\u001b');
  assert.not.match(await helpFor(issue({ issuer: lower })), 'available');
});

test("key-mismatch: where the key is another certificate's of the file, the way out is the order; not where that is a CA", async () => {
  const former = issue({ issuer: lower, key: key('p256', 77) });
  const chain = former.pem + leaf.pem + lower.pem + upper.pem + root.pem;
  const order = await lintText(inlineYaml(base64(chain), base64(pkcs8(leaf.privateKey))));
  assert.equal(rulesOf(order), ['key-mismatch']);
  assert.match(order.findings[0]?.help ?? '', /^Put certificate 2 .* first in certificate\.tls\.crt/);
  assert.match(order.findings[0]?.commands[0] ?? '', / encode --cert full-chain\.crt --write values\.yaml$/);
  const ofCa = await lintText(
    inlineYaml(base64(leaf.pem + lower.pem + upper.pem + root.pem), base64(pkcs8(lower.privateKey))),
  );
  assert.match(ofCa.findings[0]?.help ?? '', /^That is a CA certificate/);
  assert.match(ofCa.findings[0]?.commands[0] ?? '', / --cert full-chain\.crt --key my-cert\.key /);
});

test('a password that was too costly to try is not called wrong', async () => {
  const password = 'secrets: { defaults: { keystore_password: secret } }\n';
  for (const [rounds, words] of [
    [2_000_001, /keystore_password was not tried: deriving the key from it is too costly\./],
    [2048, /keystore_password does not open it\./],
  ] as const) {
    const { findings } = await lintText(
      inlineYaml(base64(leaf.pem), base64(encryptedKey(rounds))) + password,
    );
    assert.match(findings.find(({ rule }) => rule === 'key-encrypted')?.message ?? '', words);
  }
});

test.run();
