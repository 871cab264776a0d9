import { isSet } from '../values/settings.ts';
import type { Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { pathOf, show } from './shared/words.ts';

const LONGEST_NAME = 253;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Valid names that YAML 1.1, as Kubernetes' tools read it, takes for a boolean, null, an integer or a float. */
const NO_TEXT =
  /^(y|yes|on|true|n|no|off|false|null|0x[0-9a-f]+|0o[0-7]+|0b[01]+|[0-9]+(\.[0-9]*)?(e-?[0-9]+)?)$/;

export const secretName: Rule = {
  id: 'secret-name',
  severity: 'error',
  stage: 'values',
  title: 'existing_cert is no name that a Secret can have here',
  means:
    'certificate.existing_cert is not a valid name (lower-case letters, digits, - and ., at most 253 characters), or one that the chart, which writes it without quotes, turns into a number or a boolean.',
  why: 'Kubernetes refuses the pods that mount it.',
  sources: [
    'Kubernetes: names of Secrets are RFC 1123 subdomains',
    measured(
      'the name is written unquoted: "20260101", 1e3, 0x1f, true, no, y, on and null become something else than a text',
    ),
  ],
  bad: 'certificate:\n  existing_cert: "My_TLS_Secret"',
  good: 'certificate:\n  existing_cert: "my-tls-secret"',
  fix: 'Use the name of the Secret as kubectl shows it; rename the Secret where its name reads as a number.',
  appliesTo: [['existingCert']],
  stops: 'error',
  check(target) {
    const { value } = target.settings.existingCert;
    if (typeof value !== 'string' || !isSet(value)) return [];
    const reason = fault(value);
    if (reason === null) return [];
    return [
      {
        about: 'existingCert',
        message: `${pathOf(target, 'existingCert')} is ${show(JSON.stringify(value))}, ${reason.what}. On install, Kubernetes would refuse every pod that mounts the Secret.`,
        help: reason.help,
      },
    ];
  },
};

/** Whether a Secret can have this name, and the chart writes it as a text. */
export function isSecretName(name: string): boolean {
  return fault(name) === null;
}

function fault(name: string): { what: string; help: string } | null {
  const help = 'Write the name as this shows it:\n  kubectl get secrets --namespace NAMESPACE';
  if (name.length > LONGEST_NAME)
    return { what: `which has ${name.length} characters; 253 are allowed`, help };
  if (!SUBDOMAIN.test(name)) {
    return {
      what: 'which is no valid name: only lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit',
      help,
    };
  }
  if (!NO_TEXT.test(name)) return null;
  return {
    what: 'which the chart writes without quotes, so that YAML reads no text but a number, a boolean or null',
    help: 'Quotes do not help, since the chart drops them. Give the Secret a name with a letter that YAML cannot mistake:\n  kubectl create secret tls lightrun-tls --cert=fullchain.crt --key=leaf.key',
  };
}
