import { PROGRAM } from '../text/shell.ts';
/** What fills a value in before Helm reads it. */
export interface Resolver {
  /** In words for the user: `SOPS`, `vals`, `an environment variable` … */
  name: string;
  /** A command that hands the resolved values to the linter; `FILE` is the values file. */
  command: string;
}

const pipe = (command: string): string => `${command} | ${PROGRAM} lint -`;

const RESOLVERS: readonly (Resolver & { pattern: RegExp })[] = [
  { name: 'SOPS', pattern: /^\s*ENC\[[A-Z0-9_]+,/, command: pipe('sops --decrypt FILE') },
  { name: 'vals', pattern: /^\s*(secret)?ref\+[a-z0-9]+:/, command: pipe('vals eval -f FILE') },
  {
    name: 'the Argo CD Vault plugin',
    pattern: /<path:[^>]*>/,
    command: pipe('argocd-vault-plugin generate FILE'),
  },
  { name: 'Ansible Vault', pattern: /^\s*\$ANSIBLE_VAULT;/, command: pipe('ansible-vault view FILE') },
  { name: 'Bank-Vaults', pattern: /^\s*vault:[^\s#]+#/, command: pipe('vault-env cat FILE') },
  { name: '1Password', pattern: /^\s*op:\/\//, command: pipe('op inject -i FILE') },
  {
    name: 'an environment variable',
    pattern: /\$\{[^}]*\}|^\s*\$[A-Za-z_]\w*\s*$/,
    command: pipe('envsubst < FILE'),
  },
  {
    name: 'a pipeline variable',
    pattern: /\$\([^)]*\)|#\{[^}]*\}#?/,
    command: `${PROGRAM} lint RENDERED`,
  },
  { name: 'a template', pattern: /\{\{|\{%/, command: `${PROGRAM} lint RENDERED` },
  {
    name: 'a token',
    pattern: /^\s*(__\w[\w.-]*__|@@?\w[\w.-]*@@?|%%?\w[\w.-]*%%?)\s*$/,
    command: `${PROGRAM} lint RENDERED`,
  },
];

/** Longer strings do not refer to something elsewhere; SOPS is recognised by its beginning. */
const LONGEST_REFERENCE = 2048;

/** Each reference has one of these; most values, base64 too, have none and are dismissed at once. */
const MARKS = /[$[:<#{@%]|__/;

/** What resolves this value later, null where it already is the value that Helm would use. */
export function resolverOf(value: unknown): Resolver | null {
  if (typeof value !== 'string') return null;
  const text = value.slice(0, LONGEST_REFERENCE);
  if (!MARKS.test(text)) return null;
  return RESOLVERS.find(({ pattern }) => pattern.test(text)) ?? null;
}

/** The text of a value that is final: null for an empty value, or one that is still to be filled in. */
export function resolvedText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && resolverOf(value) === null ? value : null;
}
