import { displayPath } from '../text/display.ts';
import { deploysSecrets, isChartKey, isSet } from '../values/settings.ts';
import { isMap } from '../values/values.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { misspeltCertificate, type Target } from './shared/target.ts';
import { show } from './shared/words.ts';

export const sourceMissing = rule({
  id: 'source-missing',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'values',
  title: 'no certificate is given',
  means:
    'Neither certificate.existing_cert nor certificate.tls is set. With --partial missing values are not reported.',
  why: 'The certificate is mandatory. The chart renders a Secret with two empty values, and helm template ends with 0.',
  sources: [
    LIGHTRUN_PAGE,
    measured('with neither set, tls.crt and tls.key are rendered empty'),
    measured('with deploy_secrets off no Secret is rendered, and the pods still mount it'),
  ],
  bad: 'certificate:\n  existing_cert: ""\n  tls:\n    crt: ""\n    key: ""',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Name a Secret in certificate.existing_cert, or give certificate.tls.crt and certificate.tls.key.',
  needs: values('certificate', 'tls', 'existingCert'),
  check({ target, options, path }) {
    const { source, settings } = target;
    if (options.partial || source !== 'missing') return null;
    if (isWrongType(settings.crt.value) || isWrongType(settings.key.value)) return null;
    const { live } = target;
    const consequence = deploysSecrets(settings)
      ? 'the Secret of the certificate would be empty, and no pod that needs it would start'
      : `no Secret would be made (${path('deploySecrets')} is off), and the pods would wait for ${live ? `the Secret ${show(live.name)}, which the namespace ${show(live.namespace)} does not have` : 'one named <fullname>-certificate'}`;
    return {
      message: `No certificate is given: neither ${path('existingCert')} nor ${path('tls')} is set.${hint(target)} On install, ${consequence}.`,
      help: [
        `Name an existing Secret:  ${path('existingCert')}: "my-tls-secret"`,
        `or give both ${path('crt')} and ${path('key')}, base64 of PEM on one line.`,
        ...(options.isMerged ? [] : ['If Helm merges this file with others, lint it with --partial.']),
      ].join('\n'),
    };
  },
});

/** A value that is set but not a string: `values-type` reports it. */
function isWrongType(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'string';
}

/** What may have been meant, with a space in front. */
function hint(target: Target): string {
  const { root, values, settings } = target;
  const absent = root.map((_, at) => root.slice(0, at + 1)).find((path) => !values.get(path).present);
  if (absent)
    return ` --root names ${displayPath(root)}, but there is no ${displayPath(absent)} in the file.`;
  if (root.length > 0 && !isMap(values.get(root).value))
    return ` --root names ${displayPath(root)}, but that is not a mapping.`;
  const umbrella = values
    .entries(root)
    .find(({ path }) => !isChartKey(path.at(-1) ?? '') && values.get([...path, 'certificate']).present);
  if (umbrella) {
    const path = show(displayPath(umbrella.path));
    return ` There is one in ${path}: if the Lightrun chart is a subchart here, lint with --root ${path}.`;
  }
  const [misspelt] = misspeltCertificate(target);
  if (misspelt) {
    const line = misspelt.keyLocation ? ` on line ${misspelt.keyLocation.line}` : '';
    return ` The chart does not read the key ${show(displayPath(misspelt.path))}${line}.`;
  }
  return isSet(settings.internalTls.value)
    ? ' general.internal_tls is on, but it secures only the traffic between the services and does not replace this certificate.'
    : '';
}
