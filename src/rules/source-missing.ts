import { displayPath } from '../text/display.ts';
import { isMap } from '../values/is-map.ts';
import { isSet } from '../values/settings.ts';
import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';
import { isMisspeltCertificate } from './values-unknown-key.ts';

export const sourceMissing: Rule = {
  id: 'source-missing',
  severity: 'error',
  stage: 'values',
  title: 'no certificate is given',
  means:
    'Neither certificate.existing_cert nor certificate.tls is set. With --partial this is not held against a file.',
  why: 'The certificate is mandatory. The chart renders a Secret with two empty values, and helm template ends with 0.',
  sources: [LIGHTRUN_PAGE, measured('with neither way set, tls.crt and tls.key are rendered empty')],
  bad: 'certificate:\n  existing_cert: ""\n  tls:\n    crt: ""\n    key: ""',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Name a Secret in certificate.existing_cert, or give certificate.tls.crt and certificate.tls.key.',
  appliesTo: [['certificate', 'tls', 'existingCert']],
  check(target, { partial, isMerged }) {
    if (
      partial ||
      target.source !== 'missing' ||
      isWrongType(target.settings.crt.value) ||
      isWrongType(target.settings.key.value)
    )
      return [];
    return [
      {
        about: 'certificate',
        message: `No certificate is given: neither ${pathOf(target, 'existingCert')} nor ${pathOf(target, 'tls')} is set.${hint(target)} On install, the Secret of the certificate would be empty and no pod that needs it would start.`,
        help: [
          `Name an existing Secret:  ${pathOf(target, 'existingCert')}: "my-tls-secret"`,
          `or give both ${pathOf(target, 'crt')} and ${pathOf(target, 'key')}, base64 of PEM on one line.`,
          ...(isMerged ? [] : ['Is this file one of several that Helm merges? Then lint it with --partial.']),
        ].join('\n'),
      },
    ];
  },
};

/** A value that is there and no text has been judged by its type already. */
function isWrongType(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'string';
}

function hint({ root, values, settings }: Parameters<Rule['check']>[0]): string {
  for (const [index] of root.entries()) {
    const path = root.slice(0, index + 1);
    if (!values.get(path).present)
      return ` --root names ${displayPath(root)}, but there is no ${displayPath(path)} in the file.`;
  }
  if (root.length > 0 && !isMap(values.get(root).value))
    return ` --root names ${displayPath(root)}, but no mapping stands there.`;
  const umbrella = values.entries(root).find(({ path }) => values.get([...path, 'certificate']).present);
  if (umbrella)
    return ` There is one in ${show(displayPath(umbrella.path))}: if the Lightrun chart is a subchart here, lint with --root ${show(displayPath(umbrella.path))}.`;
  const misspelt = values.entries(root).find(isMisspeltCertificate);
  if (misspelt) {
    const line = misspelt.keyLocation ? ` on line ${misspelt.keyLocation.line}` : '';
    return ` The key ${show(displayPath(misspelt.path))}${line} is not read by the chart.`;
  }
  if (isSet(settings.internalTls.value)) {
    return ' general.internal_tls is on, but it secures only the traffic between the services and does not replace this certificate.';
  }
  return '';
}
