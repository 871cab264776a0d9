import { isSecretName, isStringUnquoted, MAX_NAME_LENGTH } from '../text/names.ts';
import { isSet } from '../values/settings.ts';
import { FORMAT_NAMES } from '../x509/format-names.ts';
import { type Context, rule } from './rule.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { type Contents, contentsOf } from './shared/contents.ts';
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
  check({ entry: { value }, about, ...context }) {
    if (typeof value !== 'string' || !isSet(value)) return null;
    const found = diagnose(value, context);
    if (found === null) return null;
    const { what, help, commands = [] } = found;
    return {
      message: `${context.path(about)} ${what} On install, Kubernetes would refuse every pod that mounts the Secret.`,
      help,
      commands,
    };
  },
});

const LIST = 'Write the name as kubectl get secrets shows it.';

function diagnose(
  name: string,
  context: Context,
): { what: string; help: string; commands?: readonly string[] } | null {
  const contents = contentsOf(name);
  if (contents !== null) {
    const isKey = contents === 'private key';
    return {
      what: `holds ${CONTENTS[contents]}, not the name of a Secret.`,
      help: `It belongs in ${context.path(isKey ? 'key' : 'crt')}, base64 of PEM on one line; ${context.path('existingCert')} is left empty then.`,
      commands: encodeFiles(context, { cert: [OWN_FILES.chain], key: OWN_FILES.key }),
    };
  }
  if (name.length > MAX_NAME_LENGTH)
    return {
      what: `has ${name.length} characters; ${MAX_NAME_LENGTH} are allowed in the name of a Secret.`,
      help: LIST,
    };
  const shown = `"${context.show(name, 'object name')}"`;
  if (/[\\/]/.test(name)) {
    return {
      what: `is ${shown}, a path; it has to be the name of a Secret in the cluster.`,
      help: `Name the Secret alone, without its namespace or folder; the content of a file belongs in ${context.path('crt')}.`,
    };
  }
  if (!isSecretName(name)) {
    return {
      what: `is ${shown}, which is not a valid name: it may hold only lower-case letters, digits, "-" and ".", and must begin and end with a letter or digit.`,
      help: LIST,
    };
  }
  if (isStringUnquoted(name)) return null;
  return {
    what: `is ${shown}. The chart writes it without quotes, and YAML then reads ${readAs(name)} instead of a string.`,
    help: 'Quotes do not help, since the chart drops them. Give the Secret another name, with a letter that YAML cannot mistake, such as lightrun-tls.',
  };
}

const CONTENTS: Readonly<Record<Contents, string>> = {
  certificate: 'the certificate',
  'private key': 'the private key',
  both: 'the certificate and the private key',
  pkcs12: FORMAT_NAMES.pkcs12,
  pkcs7: FORMAT_NAMES.pkcs7,
  jks: FORMAT_NAMES.jks,
};

function readAs(name: string): string {
  if (name === 'null') return 'null';
  return /^[a-z]+$/.test(name) ? 'a boolean' : 'a number';
}
