import { rule } from './rule.ts';
import { deliveryTraps } from './shared/needs.ts';

export const deliveryAmbiguous = rule({
  id: 'delivery-ambiguous',
  severity: 'warning',
  refusedBy: [],
  stage: 'values',
  title: 'which of two values in a manifest is installed cannot be told',
  means:
    'Two layers of a manifest set the same value, and more than the manifest decides which is installed: a targetPath beside spec.values in a HelmRelease of Flux, two parameters of an Argo CD Application where one is a key in the other.',
  why: 'A change elsewhere, or the next run, installs the other certificate.',
  sources: [
    'Flux, measured: ChartValuesFromReferences merges spec.values before each targetPath and once more at the end',
    'Argo CD: parameters are kept in a Go map, whose order is random',
  ],
  bad: 'valuesFrom:\n- {kind: Secret, name: cert, valuesKey: name, targetPath: certificate.existing_cert}\nvalues:\n  certificate: {existing_cert: my-tls-secret}',
  good: 'values:\n  certificate: {existing_cert: my-tls-secret}',
  fix: 'Keep the value in one of the two.',
  needs: deliveryTraps('ambiguous'),
  check: ({ traps }) => traps.map(({ message, help, location, path }) => ({ message, help, location, path })),
});
