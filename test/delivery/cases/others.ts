import { base64 } from '../../support/values-yaml.ts';
import { type Carrier, indented, inFile } from '../carrier.ts';

const helmfile = (release: string): string =>
  `releases:\n- name: lightrun\n  chart: lightruncom/lightrun-helm-chart\n${indented(release, 2)}`;
const kustomization = (chart: string): string =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nhelmCharts:\n- name: lightrun-helm-chart\n  releaseName: lightrun\n${indented(chart, 2)}`;
const PLAIN = { isExact: true, isFixed: true };

export const helmfileCarriers: readonly Carrier[] = [
  {
    name: 'helmfile, values in place',
    files: (values) => inFile(helmfile(`values:\n-\n${indented(values, 2)}`)),
    target: 'release lightrun',
    ...PLAIN,
  },
  {
    name: 'helmfile, a file beside it',
    files: (values) => ({ ...inFile(helmfile('values: [prod.yaml]\n')), 'prod.yaml': values }),
    target: 'release lightrun',
    isExact: true,
    isFixed: false,
  },
  {
    name: 'helmfile, a template that it inherits from',
    files: (values) =>
      inFile(
        `templates:\n  base:\n    values:\n    -\n${indented(values, 6)}${helmfile('inherit: [{template: base}]\n')}`,
      ),
    target: 'release lightrun',
    ...PLAIN,
  },
];

export const kustomizeCarriers: readonly Carrier[] = [
  {
    name: 'helmCharts, valuesInline',
    files: (values) => inFile(kustomization(`valuesInline:\n${indented(values, 2)}`)),
    target: 'helmCharts lightrun',
    ...PLAIN,
  },
  {
    name: 'helmCharts, valuesFile',
    files: (values) => ({ ...inFile(kustomization('valuesFile: prod.yaml\n')), 'prod.yaml': values }),
    target: 'helmCharts lightrun',
    isExact: true,
    isFixed: false,
  },
];

export const fleetCarriers: readonly Carrier[] = [
  {
    name: 'fleet.yaml, values',
    files: (values) =>
      inFile(
        `defaultNamespace: lightrun\nhelm:\n  chart: lightrun-helm-chart\n  values:\n${indented(values, 4)}`,
      ),
    target: 'fleet lightrun',
    ...PLAIN,
  },
];

export const crossplaneCarriers: readonly Carrier[] = [
  {
    name: 'Release, values',
    files: (values) =>
      inFile(
        `apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nmetadata: {name: lightrun}\nspec:\n  forProvider:\n    chart: {name: lightrun-helm-chart}\n    values:\n${indented(values, 6)}`,
      ),
    target: 'Release lightrun',
    ...PLAIN,
  },
];

export const holderCarriers: readonly Carrier[] = [
  {
    name: 'ConfigMap',
    files: (values) =>
      inFile(
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held}\ndata:\n  values.yaml: |\n${indented(values, 4)}`,
      ),
    target: 'ConfigMap held',
    ...PLAIN,
  },
  {
    name: 'Secret, stringData',
    files: (values) =>
      inFile(
        `apiVersion: v1\nkind: Secret\nmetadata: {name: held}\nstringData:\n  any: |2-\n${indented(values, 4)}`,
      ),
    target: 'Secret held',
    ...PLAIN,
  },
  {
    name: 'Secret, data',
    files: (values) =>
      inFile(`apiVersion: v1\nkind: Secret\nmetadata: {name: held}\ndata: {any: ${base64(values)}}\n`),
    target: 'Secret held',
    isExact: false,
    isFixed: true,
  },
  {
    name: 'List',
    files: (values) =>
      inFile(
        `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: held}\n  data:\n    values.yaml: |\n${indented(values, 6)}`,
      ),
    target: 'ConfigMap held',
    ...PLAIN,
  },
];
