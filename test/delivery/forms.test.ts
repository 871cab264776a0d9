import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { inFolder } from '../support/folder.ts';
import { CHAIN, KEY, MISORDERED } from '../support/inline.ts';
import { sampled } from '../support/property.ts';
import { base64 } from '../support/values-yaml.ts';
import { CARRIERS } from './carriers.ts';

const values = (crt: string, key = KEY): string =>
  `general:\n  lightrun_endpoint: lightrun.example.com\ncertificate:\n  tls:\n    crt: ${crt}\n    key: ${key}\n`;

interface Found {
  rule: string;
  severity: string;
  file: string;
  line: number;
  column: number;
  path: string;
}

/** The targets of files that are linted together, without their folder. */
async function linted(files: Record<string, string>, ...flags: string[]) {
  return inFolder(files, async (folder) => {
    const names = Object.keys(files).filter((name) => !name.includes('/'));
    const paths = names.map((name) => join(folder, name));
    const { stdout, status, stderr } = await command(['lint', '--format', 'json', ...flags, ...paths]);
    const text = stdout.replaceAll(`${folder}/`, '');
    const targets = text === '' ? [] : JSON.parse(text).targets;
    return { targets, status, stderr: stderr.replaceAll(`${folder}/`, '') };
  });
}

const MISTAKES: Readonly<Record<string, string>> = {
  'a right chain': values(base64(CHAIN)),
  'a misordered chain': values(base64(MISORDERED)),
  'no key': values(base64(CHAIN), '""'),
  'both sources': `${values(base64(CHAIN))}  existing_cert: a\n`,
  'a bad Secret name': 'certificate:\n  existing_cert: A_B\n',
  'a bad endpoint': values(base64(CHAIN)).replace('lightrun.example.com', 'https://lightrun.example.com/'),
};

/** What a values file with each of them gives. */
const PLAIN = new Map(
  await Promise.all(
    Object.entries(MISTAKES).map(
      async ([mistake, yaml]) => [mistake, await linted({ 'values.yaml': yaml })] as const,
    ),
  ),
);

for (const [at, { name, files, target }] of CARRIERS.entries()) {
  test(`${name}: the same values give the same rules as in a values file`, async () => {
    for (const [mistake, yaml] of sampled(Object.entries(MISTAKES), 2, at)) {
      const plain = PLAIN.get(mistake) as Awaited<ReturnType<typeof linted>>;
      const carried = await linted(files(yaml));
      const rulesOf = (each: { findings: Found[] }) =>
        each.findings.map(({ rule, severity }) => [rule, severity]);
      const found = carried.targets.filter(
        (each: { name: string }) => each.name === `manifest.yaml (${target})`,
      );
      assert.equal([found.length, carried.status, carried.stderr], [1, plain.status, ''], mistake);
      assert.equal(rulesOf(found[0]), rulesOf(plain.targets[0]), mistake);
      assert.is(found[0].source, plain.targets[0].source, mistake);
    }
  });
}

for (const { name, files, isExact } of CARRIERS) {
  test(`${name}: the finding is at the place of the value${isExact ? '' : ', as far as it is known'}`, async () => {
    const crt = base64(MISORDERED);
    const given = files(values(crt));
    const { targets } = await linted(given);
    const [{ rule, file, line, column, path }] = targets.flatMap(
      (each: { findings: Found[] }) => each.findings,
    );
    assert.equal([rule, path], ['chain-order', 'certificate.tls.crt']);
    if (!isExact) return;
    const lines = (given[file] ?? '').split('\n');
    const at = lines.findIndex((each) => each.includes(crt));
    assert.equal([line, column], [at + 1, (lines[at]?.indexOf(crt) ?? 0) + 1]);
  });
}

for (const { name, files } of CARRIERS) {
  test(`${name}: inspect draws the certificate`, async () => {
    await inFolder(files(values(base64(CHAIN))), async (folder) => {
      const path = join(folder, 'manifest.yaml');
      const { status, stdout, stderr } = await command(['inspect', '--format', 'json', path]);
      // A Secret in another file is not at hand.
      if (name.includes('of another file')) {
        assert.is(status, 2, stdout);
        assert.match(stderr, /holds no certificate/);
        return;
      }
      assert.is(status, 0, stderr);
      assert.ok(JSON.parse(stdout).certificates.length > 1, stdout);
    });
  });
}

for (const { name, files, isFixed } of CARRIERS) {
  test(`${name}: --fix ${isFixed ? 'changes the value alone' : 'leaves it, and says why'}`, async () => {
    const [wrong, right] = [values(base64(MISORDERED)), values(base64(CHAIN))];
    for (const lineEnd of ['\n', '\r\n']) {
      const as = (text: string) => text.replaceAll('\n', lineEnd);
      const given = mapped(files(wrong), as);
      await inFolder(given, async (folder) => {
        const path = join(folder, 'manifest.yaml');
        const args = ['lint', '--fix', ...Object.keys(given).map((each) => join(folder, each))];
        const { stderr } = await command(
          name.includes('another file') ? ['lint', '--fix', path] : args.slice(0, 3),
        );
        const after = readFileSync(path, 'utf8');
        if (isFixed) {
          const expected = mapped(files(right), as)['manifest.yaml'] ?? '';
          assert.is(withoutData(after), withoutData(expected));
          assert.match(stderr, /certificate\.tls\.crt \(line \d+\): .*order/);
        } else {
          assert.is(after, given['manifest.yaml']);
        }
      });
    }
  });
}

const argo = (forceString: string) => (crt: string, key: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: lightrun}\nspec:\n  source:\n    chart: lightrun-helm-chart\n    helm:\n      parameters:\n      - name: certificate.tls.crt\n        value: ${crt}${forceString}\n      - {name: certificate.tls.key, value: "${key}"}\n`;
const flux = (held: (crt: string, key: string) => string, kind: string) => (crt: string, key: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: lightrun}\nspec:\n  chart: {spec: {chart: lightrun-helm-chart}}\n  valuesFrom:\n  - {kind: ${kind}, name: held, valuesKey: crt, targetPath: certificate.tls.crt}\n  - {kind: ${kind}, name: held, valuesKey: key, targetPath: certificate.tls.key}\n---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: held}\n${held(crt, key)}`;
/** Forms that give Helm one value at a time, as its flags do. */
const SINGLE: Readonly<Record<string, (crt: string, key: string) => string>> = {
  'Argo CD, parameters': argo(''),
  'Argo CD, parameters that are strings': argo('\n        forceString: true'),
  'helmfile, set': (crt, key) =>
    `releases:\n- name: lightrun\n  chart: lightruncom/lightrun-helm-chart\n  set:\n  - name: certificate.tls.crt\n    value: ${crt}\n  - name: certificate.tls.key\n    value: ${key}\n`,
  'k3s, set': (crt, key) =>
    `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: lightrun}\nspec:\n  chart: lightrun-helm-chart\n  set:\n    certificate.tls.crt: '${crt}'\n    certificate.tls.key: ${key}\n`,
  'Crossplane, set': (crt, key) =>
    `apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nmetadata: {name: lightrun}\nspec:\n  forProvider:\n    chart: {name: lightrun-helm-chart}\n    set:\n    - name: certificate.tls.crt\n      value: ${crt}\n    - name: certificate.tls.key\n      value: ${key}\n`,
  'Flux, targetPath of a ConfigMap': flux((crt, key) => `data:\n  crt: ${crt}\n  key: ${key}\n`, 'ConfigMap'),
  'Flux, targetPath of stringData': flux(
    (crt, key) => `stringData:\n  crt: ${crt}\n  key: ${key}\n`,
    'Secret',
  ),
  'Flux, targetPath of data': flux(
    (crt, key) => `data:\n  crt: ${base64(crt)}\n  key: ${base64(key)}\n`,
    'Secret',
  ),
};

for (const [name, manifest] of Object.entries(SINGLE)) {
  test(`${name}: a finding at its place, and --fix changes the value alone`, async () => {
    const [wrong, right] = [MISORDERED, CHAIN].map((chain) => manifest(base64(chain), KEY)) as [
      string,
      string,
    ];
    const { targets } = await linted({ 'manifest.yaml': wrong });
    const [{ rule, line, commands }] = targets[0].findings;
    const at = wrong.split('\n').findIndex((each) => !right.includes(each));
    assert.equal([rule, line, commands.length], ['chain-order', at + 1, 1]);
    await inFolder({ 'manifest.yaml': wrong }, async (folder) => {
      const path = join(folder, 'manifest.yaml');
      const { status, stderr } = await command(['lint', '--fix', path]);
      // A string that was plain may come back in quotes.
      const [after, expected] = [readFileSync(path, 'utf8'), right].map((text) => text.replaceAll('"', ''));
      assert.equal([status, after], [0, expected], stderr);
    });
  });
}

test('what several releases share through an anchor is left, and that is said', async () => {
  const shared = `releases:\n- name: lightrun\n  chart: lightruncom/lightrun-helm-chart\n  set:\n  - name: certificate.tls.crt\n    value: &crt ${base64(MISORDERED)}\n  - name: certificate.tls.key\n    value: ${KEY}\nother: *crt\n`;
  await inFolder({ 'manifest.yaml': shared }, async (folder) => {
    const path = join(folder, 'manifest.yaml');
    const { status, stderr } = await command(['lint', '--fix', path]);
    assert.equal([status, readFileSync(path, 'utf8')], [1, shared]);
    assert.match(stderr, 'was not fixed');
  });
});

const mapped = (files: Record<string, string>, as: (text: string) => string) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name, as(text)]));

/** What is inside a Secret's base64 is compared as text. */
function withoutData(text: string): string {
  return text.replace(/(?<=(?:values\.yaml|any): )"?[A-Za-z0-9+/=]{400,}"?/g, (data) =>
    Buffer.from(data, 'base64').toString(),
  );
}

test.run();
