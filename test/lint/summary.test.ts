import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { summarize } from '../../src/lint/summary.ts';
import { lintSummary, lintText } from '../support/lint.ts';
import { PAIRS } from '../support/pairs.ts';
import { chain, issue, pkcs8 } from '../support/pki.ts';
import { inlineYaml, pemYaml } from '../support/values-yaml.ts';

const { leaf, intermediates, root, pem } = chain();
const KEY = pkcs8(leaf.privateKey);

test('it is plain data: a clone is equal to it', async () => {
  for (const { crt, key, more, options } of PAIRS) {
    const summary = await lintSummary(inlineYaml(crt, key, more), options);
    assert.equal(structuredClone(summary), summary);
  }
});

test('it holds neither the values nor the private key, and is small', async () => {
  const note = 'a note of the file';
  const encoded = Buffer.from(KEY).toString('base64');
  const text = JSON.stringify(await lintSummary(`${pemYaml(pem, KEY)}note: ${note}\n`));
  for (const piece of [note, encoded.slice(40, 60), pem.slice(40, 60)]) assert.not.ok(text.includes(piece));
  assert.ok(text.length < 4096, String(text.length));
});

test('certificates are in file order, and the path counts from the leaf up', async () => {
  const text = [root, ...intermediates, leaf, leaf].map((each) => each.pem).join('');
  const { material } = await lintSummary(pemYaml(text, KEY));
  assert.equal(
    material?.certificates.map(({ role }) => role),
    ['root', 'intermediate', 'leaf', 'extra'],
  );
  assert.equal(material?.path, [2, 1, 0]);
  assert.equal([material?.isKeyOpened, material?.isKeyOfLeaf], [true, true]);
});

test('whole names only where the report shows them', async () => {
  const outcome = await lintText(pemYaml(pem, KEY));
  const [whole] = summarize(outcome).material?.certificates ?? [];
  assert.equal([whole?.subject, whole?.issuer], ['CN=lightrun.example.com', 'CN=Test Intermediate,O=Test']);
  const [short] = summarize(outcome, false).material?.certificates ?? [];
  assert.equal([short?.subject, short?.issuer, short?.title], ['', '', 'lightrun.example.com']);
});

test('a certificate without a common name is called by its first DNS name, else by its subject', async () => {
  const titles = [];
  for (const options of [
    { subject: 'O=Test', san: ['a.example.com'] },
    { subject: 'O=Test', san: null },
  ]) {
    const own = issue(options);
    const { material } = await lintSummary(pemYaml(own.pem, pkcs8(own.privateKey)));
    titles.push(material?.certificates[0]?.title);
  }
  assert.equal(titles, ['a.example.com', 'O=Test']);
});

test('the name of a Secret counts only where the Secret is used', async () => {
  const nameIn = async (text: string) => (await lintSummary(text)).existingSecret;
  assert.is(await nameIn('certificate: {existing_cert: my-tls}\n'), 'my-tls');
  assert.is(await nameIn('certificate: {existing_cert: my-tls, tls: {crt: a, key: b}}\n'), 'my-tls');
  assert.is(await nameIn('certificate: {existing_cert: 12}\n'), null);
  assert.is(await nameIn('certificate: {existing_cert: "", tls: {crt: a, key: b}}\n'), null);
});

test.run();
