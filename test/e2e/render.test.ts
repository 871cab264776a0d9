/**
 * How a value is written, against what both real Helms render of it: where rendering fails, or what is rendered is
 * no Secret or Pod that Kubernetes takes, there has to be an error; where it is the very same pair, there is none.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { writeChart } from '../support/chart.ts';
import { decodeAsKubernetes, loadRefusal } from '../support/consumers.ts';
import { forEachHelm, type HelmHome, withHelmHome } from '../support/helms.ts';
import { lintText, rulesOf } from '../support/lint.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { run } from '../support/run.ts';
import { base64 } from '../support/values-yaml.ts';

const { leaf, pem } = chain();
const [CRT, KEY] = [base64(pem), base64(pkcs8(leaf.privateKey))];
const wrapped = (text: string, indent = '      '): string => text.replace(/.{1,76}/g, `${indent}$&\n`);
const block = (text: string, indent = '      '): string => text.replace(/^/gm, indent);
const tls = (crt: string, key: string): string => `certificate:\n  tls:\n    crt: ${crt}\n    key: ${key}\n`;

const CASES: [name: string, yaml: string, expected: string[]][] = [
  ['plain', tls(CRT, KEY), []],
  ['in double quotes', tls(`"${CRT}"`, `"${KEY}"`), []],
  ['in single quotes', tls(`'${CRT}'`, `'${KEY}'`), []],
  ['a | block of one line', tls(`|\n      ${CRT}`, `|\n      ${KEY}`), []],
  ['a > block of one line', tls(`>\n      ${CRT}`, `>-\n      ${KEY}`), []],
  ['wrapped in a | block', tls(`|\n${wrapped(CRT)}`, KEY), ['base64-wrapped']],
  ['wrapped in a > block', tls(`>\n${wrapped(CRT)}`, KEY), ['base64-wrapped']],
  ['wrapped in quotes', tls(`"${wrapped(CRT).trim()}"`, KEY), ['base64-wrapped']],
  ['wrapped, plain', tls(wrapped(CRT).trim(), KEY), ['base64-wrapped']],
  ['joined again by escaped line ends', tls(`"${CRT.replace(/.{1,76}/g, '$&\\\n      ')}"`, KEY), []],
  ['PEM in a | block', tls(`|\n${block(pem)}`, KEY), ['base64-not-encoded']],
  [
    'no padding',
    tls(base64(`${pem}\n`.padEnd(pem.length + 4 - (pem.length % 3), '\n')).replace(/=+$/, ''), KEY),
    ['base64-invalid'],
  ],
  [
    'base64url',
    tls(
      CRT,
      `${base64(`${pkcs8(leaf.privateKey)}~~~???`)
        .replaceAll('/', '_')
        .replaceAll('+', '-')}`,
    ),
    ['base64-invalid'],
  ],
  ['encoded twice', tls(base64(CRT), KEY), ['base64-twice']],
  ['not set', 'certificate:\n  tls: {crt: "", key: ""}\n', ['source-missing']],
  ['no key', `certificate:\n  tls:\n    crt: ${CRT}\n    key: ""\n`, ['source-incomplete']],
  ['tls: null', 'certificate:\n  tls:\n', ['values-type']],
  ['certificate: null', 'certificate:\n', ['values-type']],
  ['a good name', 'certificate:\n  existing_cert: my-tls-secret\n', []],
  ...['20260101', '0x1f', '1e3', 'true', 'no', 'y', 'on', 'null'].map((name): [string, string, string[]] => [
    `the name ${name} in quotes`,
    `certificate:\n  existing_cert: "${name}"\n`,
    ['secret-name'],
  ]),
  [
    'deploy_secrets off',
    `general:\n  deploy_secrets:\n    enabled: false\n${tls(CRT, KEY)}`,
    ['source-ignored'],
  ],
];

/** Why Kubernetes would refuse what was rendered, or why nothing could start with it; null where all is well. */
async function refusal(bin: string, { folder, env }: HelmHome, yaml: string): Promise<string | null> {
  const file = join(folder, 'values.yaml');
  await writeFile(file, yaml, { mode: 0o600 });
  const { status, stdout, stderr } = await run(bin, ['template', 'r', join(folder, 'chart'), '-f', file], {
    env,
  });
  if (status !== 0) return stderr.split('\n').at(-2) ?? 'helm failed';
  const manifests = parseAllDocuments(stdout, { version: '1.1' }).map((document) => document.toJS());
  const secret = manifests.find((each) => each?.kind === 'Secret');
  const name = manifests.find((each) => each?.kind === 'Pod').spec.volumes[0].secret.secretName;
  if (typeof name !== 'string') return 'the name of the Secret is not a string';
  if (!secret) return name === 'r-certificate' ? 'the Secret is mounted but not made' : null;
  try {
    const [crt, key] = ['tls.crt', 'tls.key'].map((each) => decodeAsKubernetes(secret.data[each] ?? ''));
    return loadRefusal(crt as Buffer, key as Buffer);
  } catch (error) {
    return (error as Error).message;
  }
}

await forEachHelm(test, ({ name: helm, bin }, test) => {
  test(`what ${helm} renders is refused exactly where there is an error`, () =>
    withHelmHome(async (home) => {
      await writeChart(join(home.folder, 'chart'));
      for (const [name, yaml] of CASES) {
        const errors = (await lintText(yaml)).findings.filter(({ severity }) => severity === 'error');
        const refused = await refusal(bin, home, yaml);
        assert.is(errors.length > 0, refused !== null, `${name}: ${refused ?? 'accepted'}`);
      }
    }));
});

for (const [name, yaml, expected] of CASES) {
  test(`${name}: ${expected.join(', ') || 'nothing'}`, async () => {
    assert.equal(rulesOf(await lintText(yaml)), expected);
  });
}

test.run();
