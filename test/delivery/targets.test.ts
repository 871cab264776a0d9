import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { inFolder } from '../support/folder.ts';
import { CHAIN, KEY, MISORDERED } from '../support/inline.ts';
import { base64 } from '../support/values-yaml.ts';
import { indented } from './carrier.ts';

const pair = (crt = CHAIN): string => `certificate:\n  tls:\n    crt: ${base64(crt)}\n    key: ${KEY}\n`;

interface Target {
  name: string;
  checked: string;
  notChecked: { path: string; reason: string }[];
  findings: { rule: string; severity: string; file: string; line: number; message: string; help: string }[];
}

/** Lints the files, or only the first ones, from their own folder. */
async function linted(files: Record<string, string>, args: readonly string[] = Object.keys(files)) {
  return inFolder(files, async (folder) => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { stdout, status, stderr } = await command(['lint', '--format', 'json', ...args]);
      return { targets: (stdout === '' ? [] : JSON.parse(stdout).targets) as Target[], status, stderr };
    } finally {
      process.chdir(before);
    }
  });
}

const found = ({ findings }: Target) => findings.map(({ rule, severity }) => `${rule} ${severity}`);

const application = (helm: string, more = ''): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: lightrun}\nspec:\n${more}  source:\n    chart: lightrun-helm-chart\n    helm:\n${indented(helm, 6)}`;
const release = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: lightrun}\nspec:\n  chart: {spec: {chart: lightrun-helm-chart}}\n${indented(spec, 2)}`;
const kustomization = (chart: string): string =>
  `helmCharts:\n- name: lightrun-helm-chart\n  releaseName: lightrun\n${indented(chart, 2)}`;
const under = (key: string, text: string, mark = ''): string => `${key}:${mark}\n${indented(text, 2)}`;

test('what is out of reach is named, and nothing that may be in it is reported missing', async () => {
  const { targets, status, stderr } = await linted({
    'a.yaml': application('valueFiles: [$values/prod.yaml]\n'),
  });
  const [target] = targets as [Target];
  assert.equal([status, stderr, target.checked, target.findings], [0, '', 'none', []]);
  assert.match(target.notChecked[0]?.path ?? '', '$values/prod.yaml');
  assert.match(target.notChecked[0]?.reason ?? '', 'another repository');
});

test('what is there is checked beside it, in part; what could be replaced says so', async () => {
  const both = await linted({
    'a.yaml': release(`valuesFrom: [{kind: Secret, name: gone}]\n${under('values', pair(MISORDERED))}`),
  });
  const [first] = both.targets as [Target];
  assert.equal([first.checked, found(first)], ['part', ['chain-order error']]);
  assert.not.match(first.findings[0]?.message ?? '', 'could replace it');
  const over = await linted({
    'k.yaml': kustomization(`additionalValuesFiles: [gone.yaml]\n${under('valuesInline', pair(MISORDERED))}`),
  });
  const [second] = over.targets as [Target];
  assert.match(
    second.findings[0]?.message ?? '',
    /What was not checked \(gone\.yaml\) comes after this, and could replace it\.$/,
  );
});

test('half a pair beside a layer out of reach is no error, and no failure', async () => {
  const half = `certificate:\n  tls:\n    crt: ${base64(CHAIN)}\n`;
  const { status, stderr, targets } = await linted({
    'a.yaml': release(`valuesFrom: [{kind: Secret, name: gone}]\n${under('values', half)}`),
  });
  assert.equal([status, stderr, targets[0]?.checked], [0, '', 'part']);
});

test('a layer that sets another value alone takes nothing away', async () => {
  const other = 'valuesFrom: [{kind: Secret, name: gone, targetPath: secrets.db.password}]\n';
  const { targets } = await linted({ 'a.yaml': release(other + under('values', pair())) });
  assert.equal([targets[0]?.checked, targets[0]?.notChecked], ['full', []]);
});

test('one target a release: several in one file, in documents and Lists', async () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n- ${indented(release(under('values', pair())), 2).trimStart()}`;
  const { targets } = await linted({
    'a.yaml': [release(under('values', pair())), application(under('valuesObject', pair())), list].join(
      '---\n',
    ),
  });
  assert.equal(
    targets.map(({ name }) => name),
    ['a.yaml (HelmRelease lightrun)', 'a.yaml (Application lightrun)', 'a.yaml (HelmRelease lightrun)'],
  );
});

test('a file that a release takes something from is no target, and no failure', async () => {
  const config = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held}\ndata:\n${indented(under('values.yaml', pair(MISORDERED), ' |'), 2)}`;
  const { targets, status, stderr } = await linted({
    'a.yaml': release('valuesFrom: [{kind: ConfigMap, name: held}]\n'),
    'b.yaml': config,
  });
  assert.equal([status, stderr, targets.map(({ name }) => name)], [1, '', ['a.yaml (HelmRelease lightrun)']]);
  assert.is(targets[0]?.findings[0]?.file, 'b.yaml');
});

test('a ConfigMap of another namespace is another ConfigMap', async () => {
  const at = (namespace: string) => `metadata: {name: held, namespace: ${namespace}}`;
  const config = `apiVersion: v1\nkind: ConfigMap\n${at('b')}\ndata:\n${indented(under('values.yaml', pair(), ' |'), 2)}`;
  const { targets } = await linted({
    'a.yaml': release('valuesFrom: [{kind: ConfigMap, name: held}]\n').replace(
      'metadata: {name: lightrun}',
      at('a'),
    ),
    'b.yaml': config,
  });
  assert.equal(
    targets.map(({ name, checked }) => [name, checked]),
    [
      ['a.yaml (HelmRelease held)', 'none'],
      ['b.yaml (ConfigMap held)', 'full'],
    ],
  );
});

test('a file outside the working tree is not read', async () => {
  const { targets } = await linted(
    {
      'repo/.git/HEAD': '',
      'repo/k.yaml': kustomization('valuesFile: ../outside.yaml\n'),
      'outside.yaml': pair(MISORDERED),
    },
    ['repo/k.yaml'],
  );
  assert.equal([targets[0]?.checked, targets[0]?.findings], ['none', []]);
});

test('what is not of Lightrun: 2 where it is named, passed over in a folder', async () => {
  const other = application(under('valuesObject', 'replicas: 2\n')).replace('lightrun-helm-chart', 'nginx');
  const named = await linted({ 'a.yaml': other });
  assert.is(named.status, 2);
  assert.match(named.stderr, 'a.yaml holds no values of Lightrun');
  const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n';
  assert.match((await linted({ 'a.yaml': deployment })).stderr, 'holds no values of Lightrun');
  const detected = await linted({ 'a.yaml': other, 'b.yaml': deployment }, ['.']);
  assert.equal([detected.status, detected.targets], [0, []]);
});

test('by values alone, whatever the chart is called', async () => {
  const named = (values: string) =>
    application(under('valuesObject', values)).replace('lightrun-helm-chart', 'x');
  for (const [values, count] of [
    ['certificate: {existing_cert: a}\n', 1],
    ['general: {lightrun_endpoint: a.example.com}\n', 1],
    ['certificate: {secretName: a}\n', 0],
    ['certificate: true\n', 0],
    ['general: {x: 1}\n', 0],
  ] as const) {
    assert.is((await linted({ 'a.yaml': named(values) })).targets.length, count, values);
  }
});

test('by the last segment of the chart, with a version or not', async () => {
  for (const [chart, count] of [
    ['oci://registry-1.docker.io/lightruncom/lightrun-helm-chart', 1],
    ['./charts/lightrun-helm-chart-3.50.0.tgz', 1],
    ['lightruncom/lightrun-helm-chart', 1],
    ['my-lightrun-helm-chart', 0],
    ['lightrun-helm-chart/other', 0],
  ] as const) {
    const text = `releases:\n- name: x\n  chart: ${chart}\n`;
    assert.is((await linted({ 'helmfile.yaml': text })).targets.length, count, chart);
  }
});

test('other teams’ Secrets in a folder are passed over; that of existing_cert is not', async () => {
  const secret = (name: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ${base64(MISORDERED)}\n  tls.key: ${KEY}\n`;
  const { targets } = await linted(
    {
      'a.yaml': secret('ours'),
      'b.yaml': secret('theirs'),
      'v.yaml': 'certificate:\n  existing_cert: ours\n',
    },
    ['.'],
  );
  assert.equal(
    targets.map(({ name }) => name),
    ['a.yaml (Secret ours)', 'v.yaml'],
  );
});

test('aliases: what a flag sets is set in one place alone, and a bomb is refused as Helm does', async () => {
  const shared = 'a: &x {existing_cert: a}\ncertificate: *x\n';
  const set = 'set: {a.existing_cert: B_B}\n';
  const chart = (spec: string) =>
    `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: lightrun}\nspec:\n  chart: lightrun-helm-chart\n${indented(spec, 2)}`;
  const { targets } = await linted({ 'a.yaml': chart(set + under('values', shared)) });
  assert.equal(targets.flatMap(found), []);
  const levels = Array.from({ length: 12 }, (_, at) => `b${at}: &b${at} [${`*b${at - 1},`.repeat(9)}]`);
  const bomb = `b: &b [x]\n${levels.join('\n').replaceAll('*b-1', '*b')}\ncertificate: {tls: {crt: *b11}}\n`;
  const bombed = await linted({ 'a.yaml': chart(under('valuesContent', bomb, ' |')) });
  assert.equal(bombed.targets.flatMap(found), ['values-syntax error']);
});

const OLD = 'certificate: {existing_cert: old}\n';
const NEW = 'certificate: {existing_cert: new}\n';

const TRAPS: readonly [name: string, files: Record<string, string>, expected: string[]][] = [
  [
    'Argo CD: values beside valuesObject',
    { 'a.yaml': application(under('values', OLD, ' |') + under('valuesObject', NEW)) },
    ['delivery-shadowed error'],
  ],
  [
    'Argo CD: empty values beside valuesObject',
    { 'a.yaml': application(`values: ""\n${under('valuesObject', NEW)}`) },
    [],
  ],
  [
    'Argo CD: source beside sources',
    {
      'a.yaml': application(
        under('values', OLD, ' |'),
        `  sources: [{chart: lightrun-helm-chart, helm: {valuesObject: {certificate: {existing_cert: a}}}}]\n`,
      ),
    },
    ['delivery-shadowed error'],
  ],
  [
    'Argo CD: source beside empty sources',
    { 'a.yaml': application(under('values', OLD, ' |'), '  sources: []\n') },
    [],
  ],
  [
    'Argo CD: parameters one in the other',
    {
      'a.yaml': application(
        "parameters: [{name: certificate.tls, value: 'null'}, {name: certificate.tls.crt, value: ''}]\nvaluesObject: {certificate: {existing_cert: a}}\n",
      ),
    },
    ['delivery-ambiguous warning'],
  ],
  [
    'Kustomize: merge without a file',
    { 'a.yaml': kustomization(`valuesMerge: merge\n${under('valuesInline', NEW)}`) },
    ['delivery-shadowed error'],
  ],
  [
    'Kustomize: merge, and the file sets the same',
    {
      'a.yaml': kustomization(`valuesMerge: merge\nvaluesFile: b.yml\n${under('valuesInline', NEW)}`),
      'b.yml': OLD,
    },
    ['delivery-shadowed error'],
  ],
  [
    'Kustomize: merge, and the file sets something else',
    {
      'a.yaml': kustomization(`valuesMerge: merge\nvaluesFile: b.yml\n${under('valuesInline', NEW)}`),
      'b.yml': 'a: b\n',
    },
    [],
  ],
  [
    'Kustomize: an additional file that sets the same',
    {
      'a.yaml': kustomization(`additionalValuesFiles: [b.yml]\n${under('valuesInline', NEW)}`),
      'b.yml': OLD,
    },
    ['delivery-shadowed error'],
  ],
  [
    'Kustomize: override',
    { 'a.yaml': kustomization(`valuesFile: b.yml\n${under('valuesInline', NEW)}`), 'b.yml': OLD },
    [],
  ],
  [
    'Kustomize: replace beside a file',
    {
      'a.yaml': kustomization(`valuesMerge: replace\nvaluesFile: b.yml\n${under('valuesInline', NEW)}`),
      'b.yml': OLD,
    },
    ['delivery-shadowed error'],
  ],
  [
    'Flux: a targetPath beside values of the same path',
    {
      'a.yaml': release(
        `valuesFrom: [{kind: Secret, name: x, targetPath: certificate.existing_cert}]\n${under('values', NEW)}`,
      ),
    },
    ['delivery-ambiguous warning'],
  ],
  [
    'Flux: a targetPath of another path',
    {
      'a.yaml': release(
        `valuesFrom: [{kind: Secret, name: x, targetPath: secrets.x}]\n${under('values', `${NEW}secrets: {x: y}\n`)}`,
      ),
    },
    [],
  ],
];

for (const [name, files, expected] of TRAPS) {
  test(name, async () => {
    const { targets } = await linted(files, ['a.yaml']);
    assert.equal(targets.flatMap(found), expected);
  });
}

test('a TLS Secret through a target path arrives decoded: name it in existing_cert', async () => {
  const { targets } = await linted({
    'a.yaml': `${release('valuesFrom:\n- {kind: Secret, name: t, valuesKey: tls.crt, targetPath: certificate.tls.crt}\n- {kind: Secret, name: t, valuesKey: tls.key, targetPath: certificate.tls.key}\n')}---\napiVersion: v1\nkind: Secret\nmetadata: {name: t}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ${base64(CHAIN)}\n  tls.key: ${KEY}\n`,
  });
  const [target] = targets as [Target];
  assert.equal(found(target), ['base64-not-encoded error']);
  assert.match(target.findings[0]?.help ?? '', 'Name that Secret in certificate.existing_cert');
});

const certificate = (spec: string): string =>
  `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c}\nspec:\n  secretName: ours\n${indented(spec, 2)}`;
const NAMING = 'general:\n  lightrun_endpoint: lightrun.example.com\ncertificate:\n  existing_cert: ours\n';
const NAMES = 'dnsNames: [lightrun.example.com]\n';
const NEVER = 'privateKey: {rotationPolicy: Never}\n';

const CERTIFICATES: readonly [name: string, spec: string, expected: string[]][] = [
  ['nothing wrong', NAMES + NEVER, []],
  ['a wildcard', `dnsNames: ['*.example.com']\n${NEVER}`, []],
  ['rotation by default', NAMES, ['cert-manager-rotation warning']],
  ['ECDSA as SEC1', `${NAMES}privateKey: {rotationPolicy: Never, algorithm: ECDSA}\n`, ['key-format error']],
  ['ECDSA as PKCS#8', `${NAMES}privateKey: {rotationPolicy: Never, algorithm: ECDSA, encoding: PKCS8}\n`, []],
  ['Ed25519', `${NAMES}privateKey: {rotationPolicy: Never, algorithm: Ed25519}\n`, ['key-unsupported error']],
  ['another host', `dnsNames: [other.example.com]\n${NEVER}`, ['cert-host-mismatch error']],
  ['client auth alone', `${NAMES}${NEVER}usages: [client auth]\n`, ['cert-not-for-servers error']],
  ['client and server auth', `${NAMES}${NEVER}usages: [client auth, server auth]\n`, []],
  ['key usages alone', `${NAMES}${NEVER}usages: [digital signature]\n`, []],
  ['a CA', `${NAMES}${NEVER}isCA: true\n`, ['cert-not-for-servers error']],
];

for (const [name, spec, expected] of CERTIFICATES) {
  test(`a Certificate whose Secret is existing_cert: ${name}`, async () => {
    const { targets } = await linted({ 'c.yaml': certificate(spec), 'values.yaml': NAMING });
    const target = targets.find((each) => each.name === 'c.yaml (Certificate c)');
    assert.equal(target && found(target), expected);
  });
}

test('a Certificate of another Secret is none of ours', async () => {
  const { status, stderr } = await linted({
    'c.yaml': certificate(NAMES),
    'values.yaml': NAMING.replace('ours', 'other'),
  });
  assert.is(status, 2);
  assert.match(stderr, 'c.yaml holds no values of Lightrun');
});

const EXTERNAL = 'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: ours}\nspec:\n';

test('an ExternalSecret: its type and keys are known, not its content', async () => {
  const of = (spec: string) =>
    linted({ 'e.yaml': EXTERNAL + indented(spec, 2), 'values.yaml': NAMING }, ['e.yaml', 'values.yaml']);
  const right = await of('target: {template: {type: kubernetes.io/tls, data: {tls.crt: a, tls.key: b}}}\n');
  assert.equal([right.status, right.targets[0]?.findings, right.targets[0]?.checked], [0, [], 'part']);
  const half = await of('target: {template: {type: kubernetes.io/tls, data: {tls.crt: a}}}\n');
  assert.equal(half.targets.flatMap(found), ['secret-key-missing error']);
  const opaque = await of('data: [{secretKey: tls.crt}, {secretKey: tls.key}]\n');
  assert.equal(opaque.targets.flatMap(found), ['secret-type warning']);
});

test.run();
