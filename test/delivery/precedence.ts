/**
 * Which layer wins, case by case. The values that the real tools make of them are in precedence.jsonl: Flux's and
 * Kustomize's own code, and Helm with the flags that the other tools hand to it (`npm run delivery`).
 */
import { readFileSync } from 'node:fs';
import { base64 } from '../support/values-yaml.ts';
import { indented } from './carrier.ts';

export interface PrecedenceCase {
  name: string;
  /** `manifest.yaml` is the manifest; for Kustomize it is called `kustomization.yaml`. */
  files: Record<string, string>;
  tool: 'flux' | 'kustomize' | 'helm';
  /** For Helm: the flags that the tool hands to it; a file's text after `-f`. */
  flags?: readonly (readonly [flag: string, text: string])[];
}

const A = 'certificate:\n  existing_cert: a\n  only_a: 1\n';
const B = 'certificate:\n  existing_cert: b\n  only_b: [1, 2]\n';
const C = 'certificate:\n  existing_cert: c\n  only_c: {x: y}\n';
const NESTED = 'certificate:\n  tls:\n    crt: inline\n  other: {z: 1}\n';

const release = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: lightrun}\nspec:\n  chart: {spec: {chart: lightrun-helm-chart}}\n${indented(spec, 2)}`;
const configMap = (name: string, text: string, key = 'values.yaml'): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  ${key}: |\n${indented(text, 4)}`;
const secret = (name: string, text: string, key = 'values.yaml'): string =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\ndata:\n  ${key}: ${base64(text)}\n`;
const values = (text: string): string => `values:\n${indented(text, 2)}`;
const from = (...entries: string[]): string =>
  `valuesFrom:\n${entries.map((entry) => `- {${entry}}\n`).join('')}`;
const target = (path: string, more = ''): string =>
  `kind: Secret, name: t, valuesKey: k, targetPath: '${path}'${more}`;

const flux = (name: string, spec: string, ...objects: string[]): PrecedenceCase => ({
  name: `Flux: ${name}`,
  files: { 'manifest.yaml': release(spec) + objects.join('') },
  tool: 'flux',
});

const FLUX: readonly PrecedenceCase[] = [
  flux('values alone', values(A)),
  flux('a ConfigMap alone', from('kind: ConfigMap, name: b'), configMap('b', B)),
  flux('values over a ConfigMap', from('kind: ConfigMap, name: b') + values(A), configMap('b', B)),
  flux('values over a Secret', from('kind: Secret, name: b') + values(A), secret('b', B)),
  flux(
    'a later reference over an earlier',
    from('kind: ConfigMap, name: b', 'kind: Secret, name: c'),
    configMap('b', B),
    secret('c', C),
  ),
  flux(
    'the other order',
    from('kind: Secret, name: c', 'kind: ConfigMap, name: b'),
    configMap('b', B),
    secret('c', C),
  ),
  flux('another key', from('kind: ConfigMap, name: b, valuesKey: prod'), configMap('b', B, 'prod')),
  flux(
    'null in values',
    from('kind: ConfigMap, name: b') + values('certificate: {only_b: null}\n'),
    configMap('b', B),
  ),
  flux(
    'a mapping over a string',
    from('kind: ConfigMap, name: b') + values('certificate: {existing_cert: {x: 1}}\n'),
    configMap('b', B),
  ),
  flux('a target path alone', from(target('certificate.tls.crt')), secret('t', 'from', 'k')),
  flux(
    'a target path beside values of the same path',
    from(target('certificate.tls.crt')) + values(NESTED),
    secret('t', 'from', 'k'),
  ),
  flux(
    'the same after another reference of the same mapping',
    from('kind: ConfigMap, name: b', target('certificate.tls.crt')) + values(NESTED),
    configMap('b', 'certificate:\n  tls: {key: b}\n'),
    secret('t', 'from', 'k'),
  ),
  flux(
    'the same before another reference',
    from(target('certificate.tls.crt'), 'kind: ConfigMap, name: b') + values(NESTED),
    configMap('b', 'certificate:\n  tls: {key: b}\n'),
    secret('t', 'from', 'k'),
  ),
  flux(
    'a target path over a reference',
    from('kind: ConfigMap, name: b', target('certificate.existing_cert')),
    configMap('b', B),
    secret('t', 'from', 'k'),
  ),
  flux('a target path that looks like a number', from(target('a.b')), secret('t', '12', 'k')),
  flux('a target path in quotes', from(target('a.b')), secret('t', '"12"', 'k')),
  flux('a target path that looks like a boolean', from(target('a.b')), secret('t', 'true', 'k')),
  flux('a comma in a target path starts the next key', from(target('a.b')), secret('t', 'x,c=d', 'k')),
  flux('a literal with a comma', from(target('a.b', ', literal: true')), secret('t', 'x,c={d}\\e', 'k')),
  flux(
    'a target path into a list',
    from(target('a.b[1]')) + values('a: {b: [x, y, z]}\n'),
    secret('t', 'new', 'k'),
  ),
  flux('a key with a dot in a target path', from(target('a.b\\.c')), secret('t', 'v', 'k')),
];

const kustomization = (chart: string): string =>
  `helmGlobals: {chartHome: charts}\nhelmCharts:\n- name: lightrun-helm-chart\n  releaseName: lightrun\n${indented(chart, 2)}`;
const kustomize = (name: string, chart: string, files: Record<string, string> = {}): PrecedenceCase => ({
  name: `Kustomize: ${name}`,
  files: { 'kustomization.yaml': kustomization(chart), ...files },
  tool: 'kustomize',
});
const inline = (text: string): string => `valuesInline:\n${indented(text, 2)}`;

const KUSTOMIZE: readonly PrecedenceCase[] = [
  kustomize('valuesInline alone', inline(A)),
  kustomize('valuesFile alone', 'valuesFile: b.yaml\n', { 'b.yaml': B }),
  kustomize('override is the default', `valuesFile: b.yaml\n${inline(A)}`, { 'b.yaml': B }),
  kustomize('override', `valuesFile: b.yaml\nvaluesMerge: override\n${inline(A)}`, { 'b.yaml': B }),
  kustomize('merge', `valuesFile: b.yaml\nvaluesMerge: merge\n${inline(A)}`, { 'b.yaml': B }),
  kustomize('replace', `valuesFile: b.yaml\nvaluesMerge: replace\n${inline(A)}`, { 'b.yaml': B }),
  kustomize('additional files over valuesInline', `additionalValuesFiles: [b.yaml, c.yaml]\n${inline(A)}`, {
    'b.yaml': B,
    'c.yaml': C,
  }),
  kustomize(
    'additional files over merge',
    `valuesFile: b.yaml\nvaluesMerge: merge\nadditionalValuesFiles: [c.yaml]\n${inline(A)}`,
    { 'b.yaml': B, 'c.yaml': C },
  ),
  kustomize(
    'null in valuesInline',
    `valuesFile: b.yaml\n${inline('certificate: {only_b: null, existing_cert: a}\n')}`,
    { 'b.yaml': B },
  ),
  kustomize('null in a file that is merged over', `valuesFile: b.yaml\nvaluesMerge: merge\n${inline(A)}`, {
    'b.yaml': 'certificate: {only_a: null}\n',
  }),
  kustomize('lists are replaced', `valuesFile: b.yaml\n${inline('certificate: {only_b: [3]}\n')}`, {
    'b.yaml': B,
  }),
];

type Flags = NonNullable<PrecedenceCase['flags']>;
const helm = (
  name: string,
  flags: Flags,
  manifest: string,
  files: Record<string, string> = {},
): PrecedenceCase => ({
  name,
  files: { 'manifest.yaml': manifest, ...files },
  tool: 'helm',
  flags,
});

const application = (text: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: lightrun}\nspec:\n  source:\n    path: .\n    helm:\n${indented(text, 6)}`;
const block = (key: string, text: string): string => `${key}: |\n${indented(text, 2)}`;
const object = (key: string, text: string): string => `${key}:\n${indented(text, 2)}`;

/** The flags are those of `template` in util/helm/cmd.go. */
const ARGO: readonly PrecedenceCase[] = [
  helm(
    'Argo CD: values over valueFiles',
    [
      ['-f', B],
      ['-f', A],
    ],
    application(`valueFiles: [b.yaml]\n${block('values', A)}`),
    { 'b.yaml': B },
  ),
  helm(
    'Argo CD: later valueFiles over earlier',
    [
      ['-f', B],
      ['-f', C],
    ],
    application('valueFiles: [b.yaml, c.yaml]\n'),
    { 'b.yaml': B, 'c.yaml': C },
  ),
  helm(
    'Argo CD: valuesObject instead of values',
    [
      ['-f', B],
      ['-f', C],
    ],
    application(`valueFiles: [b.yaml]\n${block('values', A)}${object('valuesObject', C)}`),
    { 'b.yaml': B },
  ),
  helm(
    'Argo CD: parameters over values',
    [
      ['--set', 'certificate.existing_cert=p'],
      ['-f', A],
    ],
    application(`parameters: [{name: certificate.existing_cert, value: p}]\n${block('values', A)}`),
  ),
  helm(
    'Argo CD: forceString over parameters',
    [
      ['--set', 'certificate.existing_cert=1'],
      ['--set-string', 'certificate.existing_cert=2'],
    ],
    application(
      "parameters: [{name: certificate.existing_cert, value: '2', forceString: true}, {name: certificate.existing_cert, value: '1'}]\n",
    ),
  ),
  helm(
    'Argo CD: of parameters with one name the last wins',
    [['--set', 'certificate.existing_cert=2']],
    application(
      "parameters: [{name: certificate.existing_cert, value: '1'}, {name: certificate.existing_cert, value: '2'}]\n",
    ),
  ),
  helm(
    'Argo CD: a comma belongs to a parameter',
    [['--set', 'certificate.existing_cert=x\\,y']],
    application("parameters: [{name: certificate.existing_cert, value: 'x,y'}]\n"),
  ),
  helm(
    'Argo CD: a list in braces',
    [['--set', 'certificate.existing_cert={x,y}']],
    application("parameters: [{name: certificate.existing_cert, value: '{x,y}'}]\n"),
  ),
  helm(
    'Argo CD: fileParameters over forceString',
    [
      ['--set-file', 'certificate.existing_cert=the file\n'],
      ['--set-string', 'certificate.existing_cert=s'],
    ],
    application(
      'parameters: [{name: certificate.existing_cert, value: s, forceString: true}]\nfileParameters: [{name: certificate.existing_cert, path: f.txt}]\n',
    ),
    { 'f.txt': 'the file\n' },
  ),
];

const chart = (spec: string, kind = 'HelmChart'): string =>
  `apiVersion: helm.cattle.io/v1\nkind: ${kind}\nmetadata: {name: lightrun, namespace: kube-system}\nspec:\n  chart: lightrun-helm-chart\n${indented(spec, 2)}`;

/** The files are those that helm-controller mounts, in the order of their names. */
const K3S: readonly PrecedenceCase[] = [
  helm(
    'k3s: values over valuesContent',
    [
      ['-f', A],
      ['-f', B],
    ],
    chart(block('valuesContent', A) + object('values', B)),
  ),
  helm(
    'k3s: valuesSecrets over values',
    [
      ['-f', A],
      ['-f', B],
      ['-f', C],
    ],
    `${chart(`${block('valuesContent', A)}${object('values', B)}valuesSecrets: [{name: c, keys: [values.yaml]}]\n`)}${secret('c', C)}`,
  ),
  helm(
    'k3s: a HelmChartConfig over all three',
    [
      ['-f', C],
      ['-f', A],
      ['-f', B],
    ],
    `${chart(object('values', C))}---\n${chart(block('valuesContent', A) + object('values', B), 'HelmChartConfig')}`,
  ),
  helm(
    'k3s: set over a HelmChartConfig',
    [
      ['-f', B],
      ['--set-string', 'certificate.existing_cert=s'],
    ],
    `${chart('set: {certificate.existing_cert: s}\n')}---\n${chart(object('values', B), 'HelmChartConfig')}`,
  ),
  helm(
    'k3s: numbers and booleans in set',
    [
      ['--set', 'a.n=1'],
      ['--set', 'a.t=true'],
      ['--set-string', 'a.s=2'],
      ['--set-string', 'a.c=x\\,y'],
    ],
    chart("set: {a.n: 1, a.t: 'true', a.s: '2', a.c: 'x,y'}\n"),
  ),
];

const helmfile = (text: string, more = ''): string =>
  `${more}releases:\n- name: lightrun\n  chart: lightrun-helm-chart\n${indented(text, 2)}`;
const listed = (text: string): string => `-\n${indented(text, 2)}`;

const HELMFILE: readonly PrecedenceCase[] = [
  helm(
    'helmfile: later values over earlier',
    [
      ['-f', B],
      ['-f', A],
    ],
    helmfile(`values:\n- b.yaml\n${listed(A)}`),
    { 'b.yaml': B },
  ),
  helm(
    'helmfile: the other order',
    [
      ['-f', A],
      ['-f', B],
    ],
    helmfile(`values:\n${listed(A)}- b.yaml\n`),
    { 'b.yaml': B },
  ),
  helm(
    'helmfile: set over values',
    [
      ['-f', A],
      ['--set', 'certificate.existing_cert=s'],
    ],
    helmfile(`values:\n${listed(A)}set: [{name: certificate.existing_cert, value: s}]\n`),
  ),
  helm(
    'helmfile: setString over set',
    [
      ['--set', 'a.b=1'],
      ['--set-string', 'a.b=2'],
    ],
    helmfile("setString: [{name: a.b, value: '2'}]\nset: [{name: a.b, value: 1}]\n"),
  ),
  helm(
    'helmfile: commas and braces in set',
    [['--set', 'a.b=x\\,\\{y\\}']],
    helmfile("set: [{name: a.b, value: 'x,{y}'}]\n"),
  ),
  helm('helmfile: a list in set', [['--set', 'a.b={1,x}']], helmfile('set: [{name: a.b, values: [1, x]}]\n')),
  helm(
    'helmfile: what is inherited comes first',
    [
      ['-f', B],
      ['-f', A],
    ],
    helmfile(
      `inherit: [{template: base}]\nvalues:\n${listed(A)}`,
      `templates:\n  base:\n    values:\n${indented(listed(B), 4)}`,
    ),
  ),
  helm(
    'helmfile: but for what is excepted',
    [['-f', A]],
    helmfile(
      `inherit: [{template: base, except: [values]}]\nvalues:\n${listed(A)}`,
      `templates:\n  base:\n    values:\n${indented(listed(B), 4)}`,
    ),
  ),
  helm('helmfile: valuesPathPrefix', [['-f', B]], helmfile('valuesPathPrefix: env/\nvalues: [b.yaml]\n'), {
    'env/b.yaml': B,
  }),
];

const crossplane = (text: string): string =>
  `apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nmetadata: {name: lightrun}\nspec:\n  forProvider:\n    chart: {name: lightrun-helm-chart}\n${indented(text, 4)}`;
const fleet = (text: string): string => `helm:\n  chart: lightrun-helm-chart\n${indented(text, 2)}`;

const OTHERS: readonly PrecedenceCase[] = [
  helm(
    'Crossplane: values over valuesFrom',
    [
      ['-f', B],
      ['-f', A],
    ],
    crossplane(`valuesFrom: [{configMapKeyRef: {name: b, key: values.yaml}}]\n${object('values', A)}`) +
      configMap('b', B),
  ),
  helm(
    'Crossplane: set over values',
    [
      ['-f', A],
      ['--set', 'certificate.existing_cert=s'],
    ],
    crossplane(`set: [{name: certificate.existing_cert, value: s}]\n${object('values', A)}`),
  ),
  helm(
    'Fleet: valuesFiles over values',
    [
      ['-f', A],
      ['-f', B],
    ],
    fleet(`valuesFiles: [b.yaml]\n${object('values', A)}`),
    { 'b.yaml': B },
  ),
  helm(
    'Fleet: valuesFrom over valuesFiles',
    [
      ['-f', A],
      ['-f', B],
      ['-f', C],
    ],
    `${fleet(`valuesFrom: [{secretKeyRef: {name: c}}]\nvaluesFiles: [b.yaml]\n${object('values', A)}`)}${secret('c', C)}`,
    { 'b.yaml': B },
  ),
];

export const PRECEDENCE: readonly PrecedenceCase[] = [
  ...FLUX,
  ...KUSTOMIZE,
  ...ARGO,
  ...K3S,
  ...HELMFILE,
  ...OTHERS,
];

/** A chart that writes its values into a ConfigMap; its own are empty, as those of the Lightrun chart. */
export const DUMPING_CHART: Record<string, string> = {
  'Chart.yaml': 'apiVersion: v2\nname: lightrun-helm-chart\nversion: 1.0.0\n',
  'values.yaml': '{}\n',
  'templates/values.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values}\ndata:\n  values: {{ .Values | toJson | quote }}\n',
};

export const RECORD = new URL('precedence.jsonl', import.meta.url);

/** What the tools made of each case. */
export function recordedValues(): Record<string, unknown> {
  const lines = readFileSync(RECORD, 'utf8').trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const { name, values } = JSON.parse(line);
      return [name, values];
    }),
  );
}
