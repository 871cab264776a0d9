/** `--detect` and folders: whose file is it, by its content. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
import { base64 } from '../support/values-yaml.ts';

const CRT = base64(CHAIN);
const WRAPPED = CRT.replace(/.{76}/g, '$&\n');

const test = suite<{ folder: string; file(name: string, text: string | Buffer): string }>('--detect');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
  context.file = (name, text) => {
    const path = join(context.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const NOT_OURS: Record<string, string> = {
  'an empty file': '',
  'a certificate of AWS': 'certificate: arn:aws:acm:us-east-1:123456789012:certificate/abc\n',
  'a switch': 'certificate: true\n',
  'nothing at all': 'certificate:\n',
  'another mapping': 'certificate: {enabled: true, secretName: my-tls, duration: 2160h}\n',
  'a list': `- certificate:\n    crt: ${CRT}\n`,
  'a list after comments': `# certificate:\n---\n\n- crt: 1\n  existing_cert: 1\n  certificate: [\n`,
  'a template': `certificate:\n  tls:\n    crt: {{ .Values.crt }}\n    {{- if .Values.key }}\n    key: a\n    {{- end }}\n`,
  'a template of a Secret':
    'apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {{ .Values.certificate.tls.crt }}\n',
  'YAML of someone else that cannot be read': 'ports: [80\nname: x\n',
  'a Secret of another team': `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata: {name: other}\ndata: {tls.crt: ${base64(MISORDERED)}, tls.key: ${KEY}}\n`,
  'a Secret without TLS': 'apiVersion: v1\nkind: Secret\nmetadata: {name: other}\ndata: {a: Yg==}\n',
  'the name of a TLS Secret': 'tls: {enabled: true, existingSecret: my-tls}\n',
  'the name of another TLS Secret': 'tlsSecret: {secretName: my-tls}\n',
  'an endpoint elsewhere': 'lightrun_endpoint: a.example.com\n',
};

const OURS: Record<string, string> = {
  'a certificate': inline(MISORDERED),
  'the name of a Secret': 'certificate: {existing_cert: "A"}\n',
  pins: 'certificate: {security_pinned_hashes: [abc]}\n',
  'an endpoint': 'general: {lightrun_endpoint: "A"}\n',
  'a misspelt block': inline(CHAIN).replace('certificate:', 'certificates:'),
  'another misspelt block': inline(CHAIN).replace('certificate:', 'certificat:'),
  'a misspelt key': inline(CHAIN).replace('tls:', 'tsl:'),
  'existingCert at the top': 'existingCert: my-tls\n',
  'existing_cert at the top': 'existing_cert: my-tls\n',
  'existingCert under certificates': 'certificates: {existingCert: my-tls}\n',
  'tls at the top': `tls: {crt: ${CRT}, key: ${KEY}}\n`,
  'the block under general': `general:\n${inline(CHAIN).replace(/^(?=.)/gm, '  ')}`,
  'one level of indentation too few': `certificate:\ntls:\n  crt: ${CRT}\n  key: ${KEY}\n`,
  'wrapped base64 that does not parse': `certificate:\n  tls:\n    crt: ${WRAPPED}\n    key: ${KEY}\n`,
  'a block that does not parse': 'certificate:\n  existing_cert: "my-tls\n',
  'a tab': 'certificate:\n\ttls:\n\t\tcrt: a\n',
};

for (const [what, text] of Object.entries(NOT_OURS)) {
  test(`passed over silently: ${what}`, async ({ file }) => {
    const path = file('x.yaml', text);
    assert.equal(await command(['lint', '--detect', path]), { status: 0, stdout: '', stderr: '' });
    const json = await command(['lint', '--detect', '--format', 'json', path]);
    assert.is(JSON.parse(json.stdout).summary.targets, 0);
  });
}

for (const [what, text] of Object.entries(OURS)) {
  test(`checked: ${what}`, async ({ file, folder }) => {
    const path = file('x.yaml', text);
    for (const named of [path, folder]) {
      const args = ['lint', '--detect', '--partial', '--format', 'json', named];
      const { status, stdout } = await command(args);
      assert.is(status, 1, stdout);
      assert.is(JSON.parse(stdout).targets[0].name, path);
    }
  });
}

test('without --detect every named file is checked, or 2 says why not', async ({ file }) => {
  for (const [what, text] of Object.entries(NOT_OURS)) {
    const { status, stdout, stderr } = await command(['lint', file('x.yaml', text)]);
    assert.ok(status === 1 || status === 2, what);
    assert.match(stdout + stderr, 'x.yaml', what);
  }
});

test('--root says where the values of Lightrun are', async ({ file }) => {
  const umbrella = file('x.yaml', `lightrun:\n${inline(MISORDERED).replace(/^(?=.)/gm, '  ')}`);
  assert.is((await command(['lint', '--detect', umbrella])).status, 0);
  assert.is((await command(['lint', '--detect', '--root', 'lightrun', umbrella])).status, 1);
});

test('a file that is not there is not passed over, and 2 outweighs 0', async ({ folder }) => {
  assert.is((await command(['lint', '--detect', join(folder, 'none.yaml')])).status, 2);
});

test('what Helm could never install is passed over, and not where it is named', async ({ file }) => {
  const big = file('big.yaml', Buffer.alloc(17 * 1024 * 1024, '# certificate: crt:\n'));
  assert.is((await command(['lint', '--detect', big])).status, 0);
  assert.is((await command(['lint', big])).status, 2);
});

test('standard input, too; --require-certificate fails where all was passed over', async () => {
  const stdin = NOT_OURS['a switch'] ?? '';
  assert.is((await command(['lint', '--detect', '-'], { stdin })).status, 0);
  assert.is((await command(['lint', '--detect', '-'], { stdin: inline(MISORDERED) })).status, 1);
  const required = await command(['lint', '--detect', '--require-certificate', '-'], { stdin });
  assert.is(required.status, 1);
  assert.match(required.stderr, 'no certificate was checked');
});

test('a hundred comments above the values, with the line breaks of Windows', async ({ file }) => {
  const comments = '# certificate: {crt: }\r\n'.repeat(100);
  const path = file('values.yaml', `${comments}ports: [80\r\n`);
  const began = performance.now();
  const { status } = await command(['lint', '--detect', path]);
  assert.is(status, 1);
  assert.ok(performance.now() - began < 5000);
});

test('--detect is not for what Helm merges', async () => {
  assert.is((await command(['lint', '--detect', '--set', 'a=b'])).status, 2);
});

test('--fix fixes what is of Lightrun, and nothing else', async ({ file, folder }) => {
  const ours = file('a/values.yml', inline(MISORDERED));
  const secret = file('b.yaml', NOT_OURS['a Secret of another team'] ?? '');
  const before = readFileSync(secret, 'utf8');
  const { status, stdout } = await command(['lint', '--fix', folder]);
  assert.is(status, 0, stdout);
  assert.not.equal(readFileSync(ours, 'utf8'), inline(MISORDERED));
  assert.is(readFileSync(secret, 'utf8'), before);
});

test('a folder: every YAML file below it in order, without node_modules and .git', async ({
  file,
  folder,
}) => {
  const names = ['b.yaml', 'a.YML', 'c/deep/d.yaml', 'c/z.yml', '.hidden/e.yaml', 'sp ace/f.yaml'];
  for (const name of [...names, 'node_modules/x.yaml', 'c/.git/x.yaml', 'x.json', 'x.yaml.bak']) {
    file(name, inline(CHAIN));
  }
  const { stdout } = await command(['lint', '--format', 'json', folder]);
  assert.equal(
    JSON.parse(stdout).targets.map(({ name }: { name: string }) => name.slice(folder.length + 1)),
    ['a.YML', 'b.yaml', '.hidden/e.yaml', 'c/z.yml', 'c/deep/d.yaml', 'sp ace/f.yaml'],
  );
});

test('a folder in which nothing is of Lightrun: 0, and it is said', async ({ file, folder }) => {
  file('a.yaml', 'a: b\n');
  const { status, stdout, stderr } = await command(['lint', folder]);
  assert.equal([status, stdout], [0, '']);
  assert.match(stderr, 'nothing was checked');
  assert.is((await command(['lint', '--require-certificate', folder])).status, 1);
});

test('links to files count; loops, links to folders and links that lead nowhere do not', async ({
  file,
  folder,
}) => {
  const target = file('real/a.yaml', inline(CHAIN));
  symlinkSync(target, join(folder, 'real', 'link.yaml'));
  symlinkSync('..', join(folder, 'real', 'up'));
  symlinkSync('none', join(folder, 'real', 'none.yaml'));
  symlinkSync('circle.yaml', join(folder, 'real', 'circle.yaml'));
  symlinkSync('real', join(folder, 'given'));
  const { status, stdout } = await command(['lint', '--format', 'json', join(folder, 'given')]);
  assert.is(status, 0);
  assert.is(JSON.parse(stdout).targets.length, 2);
});

test('a folder that cannot be searched is an error', async ({ file, folder }) => {
  if (process.getuid?.() === 0) return;
  file('closed/a.yaml', '');
  chmodSync(join(folder, 'closed'), 0);
  const { status, stderr } = await command(['lint', folder]);
  chmodSync(join(folder, 'closed'), 0o700);
  assert.is(status, 2);
  assert.match(stderr, 'closed cannot be searched: permission denied');
});

test('the report may not overwrite a file of the folder', async ({ file, folder }) => {
  const path = file('a.yaml', inline(CHAIN));
  const { status } = await command(['lint', '--format', 'json', '--output', path, folder]);
  assert.is(status, 2);
  assert.is(readFileSync(path, 'utf8'), inline(CHAIN));
});

test.run();
