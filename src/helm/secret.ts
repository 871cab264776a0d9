import { LintError } from '../errors.ts';
import { display } from '../text/display.ts';
import { MAX_NAME_LENGTH } from '../text/names.ts';
import type { FoundSecret, LiveSecret, SecretOwner } from '../values/live-secret.ts';
import { type Answer, ask, type Helm } from './helm.ts';
import { helmError, helmFailed } from './helm-error.ts';
import { BARE_CHART, readProbe, withProbe } from './probe.ts';

/** Names only: a namespace may hold thousands of Secrets. */
const NAMES = `{{- $names := list }}
{{- range (lookup "v1" "Secret" .Release.Namespace "").items }}{{ $names = append $names .metadata.name }}{{ end }}`;
const MOST_NEAR = 5;

/**
 * Reads a Secret through Helm's `lookup`: with the kubeconfig, context and namespace that an install would use.
 * @param name a valid name of a Secret
 * @throws LintError where the cluster cannot be asked, saying why
 */
export async function readSecret(helm: Helm, name: string): Promise<LiveSecret> {
  const value =
    'dict "namespace" .Release.Namespace "secret" (lookup "v1" "Secret" .Release.Namespace .Values.name)';
  const { answer, printed } = await askCluster(helm, name, value, '');
  const read = printed as Looked | undefined;
  if (read === undefined) throw await clusterFailed(helm, answer, name);
  const { namespace, secret } = read;
  if (secret.metadata !== undefined)
    return { name, namespace, found: foundIn(secret), near: [], isNamespaceMissing: false };
  const isNamespaceMissing = await lacksNamespace(helm, name);
  const near = isNamespaceMissing ? [] : await namesNear(helm, name);
  return { name, namespace, found: null, near, isNamespaceMissing };
}

interface Metadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string; controller?: boolean }[];
}

interface Looked {
  namespace: string;
  secret: {
    metadata?: Metadata;
    type?: string;
    data?: Record<string, string> | null;
    immutable?: boolean;
  };
}

/** The marks that tools leave on what they write, and the kind of tool; the first that is there counts. */
const MARKS: readonly [of: 'labels' | 'annotations', name: string, kind: string][] = [
  ['annotations', 'cert-manager.io/certificate-name', 'cert-manager'],
  ['annotations', 'meta.helm.sh/release-name', 'Helm'],
  ['annotations', 'argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['labels', 'argocd.argoproj.io/instance', 'Argo CD'],
  ['labels', 'kustomize.toolkit.fluxcd.io/name', 'Flux'],
];

function ownerIn(metadata: Metadata): SecretOwner | null {
  for (const [of, mark, kind] of MARKS) {
    const name = metadata[of]?.[mark];
    if (name) return { kind, name };
  }
  const owners = metadata.ownerReferences ?? [];
  const owner = owners.find(({ controller }) => controller) ?? owners[0];
  return owner ? { kind: owner.kind, name: owner.name } : null;
}

function foundIn({ metadata, type, data, immutable }: Looked['secret']): FoundSecret {
  const entries = data ?? {};
  return {
    type: type ?? '',
    keys: Object.keys(entries),
    crt: entries['tls.crt'] ?? null,
    key: entries['tls.key'] ?? null,
    ca: entries['ca.crt'] ?? null,
    isImmutable: immutable === true,
    owner: ownerIn(metadata ?? {}),
  };
}

/** The name goes by standard input, not by argument: a private key may have been pasted in its place. */
function askCluster(
  helm: Helm,
  name: string,
  value: string,
  prelude: string,
): Promise<{ answer: Answer; printed: unknown }> {
  return withProbe(
    BARE_CHART,
    value,
    async (folder) => {
      const words = ['template', 'lightrun-cert', folder, '--dry-run=server', '--values', '-'];
      const answer = await ask(helm, words, Buffer.from(JSON.stringify({ name })));
      return { answer, printed: answer.status === 0 ? readProbe(answer.stdout, folder) : undefined };
    },
    prelude,
  );
}

/** Reading namespaces may be forbidden; then the namespace is taken to be there. */
async function lacksNamespace(helm: Helm, name: string): Promise<boolean> {
  const value = 'lookup "v1" "Namespace" "" .Release.Namespace | empty';
  return (await askCluster(helm, name, value, '')).printed === true;
}

/** Listing may be forbidden where reading is not. */
async function namesNear(helm: Helm, name: string): Promise<string[]> {
  const { nearestOf } = await import('../text/nearest.ts');
  const { printed } = await askCluster(helm, name, '$names', NAMES);
  return Array.isArray(printed) ? nearestOf(name, printed as string[], MOST_NEAR) : [];
}

/** What Helm's error says, and what to do about it; the first that fits. */
const REASONS: readonly { sign: RegExp; what: string; help: string }[] = [
  {
    sign: /localhost:8080/,
    what: 'there is no kubeconfig, or it names no cluster',
    help: 'Name one with KUBECONFIG or --kubeconfig, and check with: kubectl config view',
  },
  {
    sign: /stat .*no such file|error loading config file/i,
    what: 'the kubeconfig cannot be read',
    help: 'Check the path that KUBECONFIG or --kubeconfig names.',
  },
  {
    sign: /an error on the server|InternalError/,
    what: 'the API server failed',
    help: 'Try again, and check with: kubectl get --raw /readyz',
  },
  {
    sign: /forbidden/i,
    what: 'these credentials may not read it',
    help: 'Ask for permission to get Secrets in this namespace, or skip the Secret with --no-cluster.',
  },
  {
    sign: /unauthorized|must be logged in|provide credentials|getting credentials|token .*expired/i,
    what: 'the cluster does not accept these credentials; they may have expired',
    help: 'Log in to the cluster again, and check with: kubectl auth whoami',
  },
  {
    sign: /context .*(does not exist|not found)|no context exists/i,
    what: 'the kubeconfig has no such context',
    help: 'List the contexts with: kubectl config get-contexts',
  },
  {
    sign: /x509|tls: failed to verify|certificate signed by unknown/i,
    what: "the certificate of the cluster's API server is not trusted",
    help: 'Check the kubeconfig: does it belong to this cluster?',
  },
  {
    sign: /unreachable|refused|no such host|timeout|timed out|deadline exceeded|no route|dial tcp|EOF|reset by peer/i,
    what: 'the cluster cannot be reached',
    help: 'Check the connection (VPN?) and the context with: kubectl cluster-info',
  },
];

async function clusterFailed(helm: Helm, answer: Answer, name: string): Promise<LintError> {
  const what = `the Secret ${display(name, 'object name', MAX_NAME_LENGTH)} was not checked`;
  const words = helmError(answer.stderr, []);
  const reason = REASONS.find(({ sign }) => sign.test(words));
  if (answer.isTimedOut) {
    return new LintError(
      `${what}: the cluster did not answer within ${Math.round(helm.timeout / 1000)} seconds`,
      'Check the connection (VPN?) and the context with: kubectl cluster-info\nIf it only needs more time, raise --helm-timeout.',
    );
  }
  if (reason === undefined) return helmFailed(helm, answer, what, []);
  return new LintError(`${what}: ${reason.what}`, `${reason.help}\nHelm says: ${words}`);
}
