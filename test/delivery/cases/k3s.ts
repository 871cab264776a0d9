import { type Carrier, indented, inFile } from '../carrier.ts';

const chart = (kind: string, spec: string): string =>
  `apiVersion: helm.cattle.io/v1\nkind: ${kind}\nmetadata: {name: lightrun, namespace: kube-system}\nspec:\n${indented(spec, 2)}`;
const CHART = 'chart: oci://registry-1.docker.io/lightruncom/lightrun-helm-chart\n';

export const k3sCarriers: readonly Carrier[] = [
  {
    name: 'HelmChart, valuesContent',
    files: (values) => inFile(chart('HelmChart', `${CHART}valuesContent: |-\n${indented(values, 2)}`)),
    target: 'HelmChart lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'HelmChart, values',
    files: (values) => inFile(chart('HelmChart', `${CHART}values:\n${indented(values, 2)}`)),
    target: 'HelmChart lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'HelmChartConfig beside its HelmChart',
    files: (values) =>
      inFile(
        `${chart('HelmChart', CHART)}---\n${chart('HelmChartConfig', `valuesContent: |\n${indented(values, 2)}`)}`,
      ),
    target: 'HelmChart lightrun',
    isExact: true,
    isFixed: true,
  },
];
