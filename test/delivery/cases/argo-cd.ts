import { type Carrier, indented, inFile } from '../carrier.ts';

const application = (helm: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: lightrun
spec:
  source:
    repoURL: registry-1.docker.io/lightruncom
    chart: lightrun-helm-chart
    helm:
${indented(helm, 6)}`;

export const argoCdCarriers: readonly Carrier[] = [
  {
    name: 'Application, values',
    files: (values) => inFile(application(`values: |\n${indented(values, 2)}`)),
    target: 'Application lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'Application, valuesObject',
    files: (values) => inFile(application(`valuesObject:\n${indented(values, 2)}`)),
    target: 'Application lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'Application, folded values',
    files: (values) => inFile(application(`values: ${JSON.stringify(values)}\n`)),
    target: 'Application lightrun',
    isExact: false,
    isFixed: false,
  },
  {
    name: 'Application, sources',
    files: (values) =>
      inFile(
        `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: lightrun}\nspec:\n  sources:\n  - repoURL: https://charts.example.com\n    chart: lightrun-helm-chart\n    helm:\n      valuesObject:\n${indented(values, 8)}`,
      ),
    target: 'Application lightrun',
    isExact: true,
    isFixed: true,
  },
  {
    name: 'ApplicationSet, values',
    files: (values) =>
      inFile(
        `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: lightrun}\nspec:\n  template:\n    metadata: {name: '{{name}}'}\n    spec:\n      source:\n        chart: lightrun-helm-chart\n        helm:\n          values: |-\n${indented(values, 12)}`,
      ),
    target: 'ApplicationSet lightrun',
    isExact: true,
    isFixed: true,
  },
];
