import { rule } from './rule.ts';
import { deliveryTraps } from './shared/needs.ts';

export const deliveryShadowed = rule({
  id: 'delivery-shadowed',
  severity: 'error',
  refusedBy: [],
  stage: 'values',
  title: 'values in a manifest that are not installed',
  means:
    'The delivery tool ignores some of the values in the manifest, or another layer overrides the certificate in them: values beside valuesObject and source beside sources in Argo CD; in Kustomize a values file that overrides valuesInline, and valuesMerge: merge without a valuesFile.',
  why: 'What people read in the manifest is not what is installed: the old certificate, or none at all. The tool says nothing.',
  sources: [
    'Argo CD: ApplicationSourceHelm.ValuesYAML and HasMultipleSources',
    'Kustomize 5.8.1, measured: with merge the file overrides valuesInline, and without one the defaults of the chart do',
  ],
  bad: 'helm:\n  values: |\n    certificate: {existing_cert: new}\n  valuesObject:\n    certificate: {existing_cert: old}',
  good: 'helm:\n  valuesObject:\n    certificate: {existing_cert: new}',
  fix: 'Keep the values in one place.',
  needs: deliveryTraps('shadowed'),
  check: ({ traps }) => traps.map(({ message, help, location, path }) => ({ message, help, location, path })),
});
