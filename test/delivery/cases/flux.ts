import { base64 } from '../../support/values-yaml.ts';
import { type Carrier, indented, inFile } from '../carrier.ts';

const release = (spec: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: lightrun, namespace: lightrun}
spec:
  chart: {spec: {chart: lightrun-helm-chart}}
${indented(spec, 2)}`;

const from = (kind: string): string => release(`valuesFrom:\n- kind: ${kind}\n  name: held\n`);

export const fluxCarriers: readonly Carrier[] = [
  {
    name: 'HelmRelease, values',
    files: (values) => inFile(release(`values:\n${indented(values, 2)}`)),
    target: 'HelmRelease lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'HelmRelease, a ConfigMap of the same file',
    files: (values) =>
      inFile(
        `${from('ConfigMap')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: lightrun}\ndata:\n  values.yaml: |\n${indented(values, 4)}`,
      ),
    target: 'HelmRelease lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'HelmRelease, a Secret of the same file',
    files: (values) =>
      inFile(
        `${from('Secret')}---\napiVersion: v1\nkind: Secret\nmetadata: {name: held, namespace: lightrun}\ndata:\n  values.yaml: ${base64(values)}\n`,
      ),
    target: 'HelmRelease lightrun',
    isExact: false,
    isFixed: true,
  },
  {
    name: 'HelmRelease, a Secret of another file',
    files: (values) => ({
      ...inFile(from('Secret')),
      'other.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: held}\nstringData:\n  values.yaml: |\n${indented(values, 4)}`,
    }),
    target: 'HelmRelease lightrun',
    isExact: true,
    isFixed: false,
  },
];
