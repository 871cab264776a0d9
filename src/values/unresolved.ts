import { PROGRAM } from '../text/shell.ts';

/** What fills a value in before Helm reads it. */
export interface Resolver {
  /** In words for the user: `SOPS`, `vals`, `an environment variable` … */
  name: string;
  /** A command that hands the resolved values to the linter; `FILE` is the values file. */
  command: string;
}

const pipe = (command: string): string => `${command} | ${PROGRAM} lint -`;

const RENDERED = `${PROGRAM} lint RENDERED`;

/** The first that matches; more special forms come before those that they look like. */
const RESOLVERS: readonly (Resolver & { pattern: RegExp })[] = [
  {
    name: 'hiera-eyaml',
    pattern: /^\s*ENC\[(PKCS7|GPG|KMS),/,
    command: pipe('eyaml decrypt -e FILE'),
  },
  { name: 'SOPS', pattern: /^\s*ENC\[[A-Z0-9_]+,/, command: pipe('sops --decrypt FILE') },
  { name: 'vals', pattern: /^\s*(secret)?ref\+[a-z0-9]+:/, command: pipe('vals eval -f FILE') },
  {
    name: 'the Argo CD Vault plugin',
    pattern: /<path:[^>]*>/,
    command: pipe('argocd-vault-plugin generate FILE'),
  },
  { name: 'Ansible Vault', pattern: /^\s*\$ANSIBLE_VAULT;/, command: pipe('ansible-vault view FILE') },
  { name: 'Bank-Vaults', pattern: /^\s*vault:[^\s#]+#/, command: pipe('vault-env cat FILE') },
  { name: '1Password', pattern: /^\s*(\{\{\s*)?op:\/\//, command: pipe('op inject -i FILE') },
  { name: 'GitHub Actions', pattern: /\$\{\{/, command: RENDERED },
  {
    name: 'Terraform',
    pattern:
      /[$%]\{\s*(var|local|data|module|path|each|count|self|if|for|[a-z_]+_[a-z_]+\.[a-z_])[.\s[]|\$\{\s*[a-z0-9]+\(/,
    command: RENDERED,
  },
  { name: 'the Serverless Framework', pattern: /\$\{(ssm|cf|s3|env|opt|self|file):/, command: RENDERED },
  {
    name: 'a tool that fills in environment variables, such as envsubst or Flux',
    pattern: /\$\{[^}]*\}|^\s*\$[A-Za-z_]\w*\s*$/,
    command: pipe('envsubst < FILE'),
  },
  {
    name: 'Azure Pipelines',
    pattern: /^\s*\$[([][\w.-]+( [^)\]]*)?[)\]]\s*$|\$\([\w.-]+\)|\$\[[^\]]*\]/,
    command: RENDERED,
  },
  { name: 'Octopus Deploy, or the task Replace Tokens', pattern: /#\{[^}]*\}#?/, command: RENDERED },
  { name: 'Concourse', pattern: /^\s*\(\([^()]+\)\)\s*$/, command: RENDERED },
  {
    name: 'Ansible or another tool that uses Jinja',
    pattern: /\{%|\{\{[^}]*(lookup\(|\|\s*\w)|\{\{\s*[a-z_]\w*(\.\w+)*\s*\}\}/,
    command: RENDERED,
  },
  { name: 'a tool that renders templates, such as helmfile', pattern: /\{\{/, command: RENDERED },
  {
    name: 'a tool that replaces tokens',
    pattern: /^\s*(__\w[\w.-]*__|@@?\w[\w.-]*@@?|%%?\w[\w.-]*%%?)\s*$/,
    command: RENDERED,
  },
];

/** What looks like one of these, but nothing fills in: a shell's substitution, or a function of a chart's own templates. */
const NEVER_RESOLVED = /\$\(\s*(<|[\w./-]+\s+[^)\s])|\$\(\s*[\w./-]+\s*[|<]|\{\{-?\s*\(?\s*\.Files\./;

/** Longer strings do not refer to something elsewhere; SOPS is recognised by its beginning. */
const LONGEST_REFERENCE = 2048;

/** Each reference has one of these; most values, base64 too, have none and are dismissed at once. */
const MARKS = /[$[:<#{@%]|__|\(\(/;

/** What resolves this value later, null where it already is the value that Helm would use. */
export function resolverOf(value: unknown): Resolver | null {
  if (typeof value !== 'string') return null;
  const text = value.slice(0, LONGEST_REFERENCE);
  if (!MARKS.test(text) || NEVER_RESOLVED.test(text)) return null;
  return RESOLVERS.find(({ pattern }) => pattern.test(text)) ?? null;
}

/** The text of a value that is final: null for an empty value, or one that is still to be filled in. */
export function resolvedText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && resolverOf(value) === null ? value : null;
}
