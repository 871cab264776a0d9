import { deploysSecrets, isChartKey, isSet } from '../values/settings.ts';
import { isMap } from '../values/values.ts';
import { type Context, rule } from './rule.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { values } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { misspeltCertificate, type Target } from './shared/target.ts';

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
  check(context) {
    const { target, options, path, show } = context;
    const { source, settings } = target;
    if (options.partial || source !== 'missing') return null;
    if (isWrongType(settings.crt.value) || isWrongType(settings.key.value)) return null;
    const { live } = target;
    const awaited = live
      ? `the Secret ${show(live.name, 'object name')}, which the namespace ${show(live.namespace, 'object name')} does not have`
      : 'one named <fullname>-certificate';
    const elsewhere = foundElsewhere(context);
    const consequence = deploysSecrets(settings)
      ? 'the Secret of the certificate would be empty, and no pod that needs it would start'
      : `no Secret would be made (${path('deploySecrets')} is off), and the pods would wait for ${awaited}`;
    return {
      message: `No certificate is given: neither ${path('existingCert')} nor ${path('tls')} is set.${elsewhere || besideInternalTls(target)} On install, ${consequence}.`,
      help: [
        `Name an existing Secret in ${path('existingCert')}, or give both ${path('crt')} and ${path('key')}, base64 of PEM on one line.`,
        ...(options.isMerged ? [] : ['If Helm merges this file with others, lint it with --partial.']),
      ].join(' '),
      commands:
        deploysSecrets(settings) && elsewhere === ''
          ? encodeFiles(context, { cert: [OWN_FILES.chain], key: OWN_FILES.key })
          : [],
    };
  },
});

/** A value that is set but not a string: `values-type` reports it. */
function isWrongType(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'string';
}

/** Where it may be instead, with a space in front; empty where there is no sign of one. */
function foundElsewhere({ target, showPath }: Context): string {
  const { root, values } = target;
  const absent = root.map((_, at) => root.slice(0, at + 1)).find((path) => !values.get(path).present);
  if (absent) return ` --root names ${showPath(root)}, but there is no ${showPath(absent)} in the file.`;
  if (root.length > 0 && !isMap(values.get(root).value))
    return ` --root names ${showPath(root)}, but that is not a mapping.`;
  const umbrella = values
    .entries(root)
    .find(({ path }) => !isChartKey(path.at(-1) ?? '') && values.get([...path, 'certificate']).present);
  if (umbrella) {
    const path = showPath(umbrella.path);
    return ` There is one in ${path}: if the Lightrun chart is a subchart here, lint with --root ${path}.`;
  }
  const [misspelt] = misspeltCertificate(target);
  if (misspelt) {
    const line = misspelt.keyLocation ? ` on line ${misspelt.keyLocation.line}` : '';
    return ` The chart does not read the key ${showPath(misspelt.path)}${line}.`;
  }
  return '';
}

function besideInternalTls({ settings }: Target): string {
  return isSet(settings.internalTls.value)
    ? ' general.internal_tls is on, but it secures only the traffic between the services and does not replace this certificate.'
    : '';
}
