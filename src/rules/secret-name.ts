import { isSecretName, isStringUnquoted, MAX_NAME_LENGTH } from '../text/names.ts';
import { isSet } from '../values/settings.ts';
import { rule } from './rule.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const secretName = rule({
  id: 'secret-name',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'values',
  title: 'existing_cert is not a name that a Secret can have here',
  means: `certificate.existing_cert is not a valid name (lower-case letters, digits, - and ., at most ${MAX_NAME_LENGTH} characters), or the chart, which writes it without quotes, turns it into a number, a boolean or null.`,
  why: 'Kubernetes refuses the pods that mount it.',
  sources: [
    'Kubernetes: names of Secrets are RFC 1123 subdomains',
    measured(
      'the name is written unquoted: "20260101", 1e3, 0x1f, true, no, y, on and null become something other than a string',
    ),
  ],
  bad: 'certificate:\n  existing_cert: "My_TLS_Secret"',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Use the name of the Secret as kubectl shows it. If YAML reads that name as a number, rename the Secret.',
  stops: 'error',
  needs: values('existingCert'),
  check({ entry: { value }, about, path, show }) {
    if (typeof value !== 'string' || !isSet(value)) return null;
    const found = diagnose(value);
    if (found === null) return null;
    return {
      message: `${path(about)} is "${show(value, 'object name')}", ${found.what}. On install, Kubernetes would refuse every pod that mounts the Secret.`,
      help: found.help,
    };
  },
});

const LIST = 'Write the name as this shows it:\n  kubectl get secrets --namespace NAMESPACE';

function diagnose(name: string): { what: string; help: string } | null {
  if (name.length > MAX_NAME_LENGTH)
    return { what: `which has ${name.length} characters; ${MAX_NAME_LENGTH} are allowed`, help: LIST };
  if (!isSecretName(name)) {
    return {
      what: 'which is not a valid name: it may hold only lower-case letters, digits, "-" and ".", and must begin and end with a letter or digit',
      help: LIST,
    };
  }
  if (isStringUnquoted(name)) return null;
  return {
    what: 'which the chart writes without quotes, so that YAML reads a number, a boolean or null instead of a string',
    help: 'Quotes do not help, since the chart drops them. Give the Secret a name with a letter that YAML cannot mistake:\n  kubectl create secret tls lightrun-tls --cert=full-chain.crt --key=my-cert.key',
  };
}
