import { LintError } from '../errors.ts';
import { display } from '../text/display.ts';
import { MAX_NAME_LENGTH } from '../text/names.ts';
import type { FoundSecret, LiveSecret, SecretOwner } from '../values/live-secret.ts';
import type { Answer, Helm } from './helm.ts';
import { helmError, helmFailed, pluginSaid } from './helm-error.ts';
import { BARE_CHART, type Probed, probe } from './probe.ts';

/** The expression of Helm's template language that looks a Secret up, for a valid name. */
export function secretLookup(name: string): string {
  return `dict "namespace" .Release.Namespace "secret" (lookup "v1" "Secret" .Release.Namespace "${name}")`;
}

/**
 * Reads a Secret through Helm's `lookup`: with the kubeconfig, context and namespace that an install would use.
 * @param name a valid name of a Secret
 * @param skip how this command goes without the Secret; empty where it cannot
 * @param known the answer, where it was already looked up
 * @throws LintError where the cluster cannot be asked, saying why
 */
export async function readSecret(
  helm: Helm,
  name: string,
  skip: string,
  known: Probed | null = null,
): Promise<LiveSecret> {
  const { answer, printed } = known ?? (await look(helm, secretLookup(name)));
  const read = printed as Looked | undefined;
  if (read === undefined) throw await clusterFailed(helm, answer, name, skip);
  const { namespace, secret } = read;
  const { metadata } = secret;
  const live: LiveSecret = {
    name,
    namespace,
    found: null,
    going: null,
    isRendered: false,
    isNamespaceMissing: false,
  };
  if (metadata === undefined) return { ...live, isNamespaceMissing: await lacksNamespace(helm) };
  if (metadata.deletionTimestamp) return { ...live, going: { by: 'deletion' } };
  return { ...live, found: foundIn(secret, metadata, namespace) };
}

interface Metadata {
  deletionTimestamp?: string;
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

const KEPT = 'helm.sh/resource-policy';

/**
 * The release whose upgrade deletes this Secret where it does not render it any more.
 * @see Helm, kube.Client.Update: what was in the last manifest and is not in the new one, without the policy `keep`
 */
function releaseIn({ labels = {}, annotations = {} }: Metadata, namespace: string): string | null {
  const isHelms = labels['app.kubernetes.io/managed-by'] === 'Helm';
  const isHere = (annotations['meta.helm.sh/release-namespace'] ?? namespace) === namespace;
  const name = annotations['meta.helm.sh/release-name'];
  return isHelms && isHere && annotations[KEPT] !== 'keep' ? (name ?? null) : null;
}

function foundIn(
  { type, data, immutable }: Looked['secret'],
  metadata: Metadata,
  namespace: string,
): FoundSecret {
  const entries = data ?? {};
  return {
    type: type ?? '',
    keys: Object.keys(entries),
    crt: entries['tls.crt'] ?? null,
    key: entries['tls.key'] ?? null,
    ca: entries['ca.crt'] ?? null,
    isImmutable: immutable === true,
    owner: ownerIn(metadata),
    release: releaseIn(metadata, namespace),
  };
}

/** Standard input stays free for a credential plugin. */
function look(helm: Helm, value: string): Promise<Probed> {
  return probe(helm, {
    chart: BARE_CHART,
    value,
    argsFor: (chart) => ['template', 'lightrun-cert', chart, '--dry-run=server'],
    stdin: null,
    isCluster: true,
    secrets: [],
  });
}

/** Reading namespaces may be forbidden; then the namespace is taken to be there. */
async function lacksNamespace(helm: Helm): Promise<boolean> {
  return (await look(helm, 'lookup "v1" "Namespace" "" .Release.Namespace | empty')).printed === true;
}

/** What Helm's error says, and what to do about it; the first that fits. */
const REASONS: readonly { sign: RegExp; what: string; help: string; isSkippable?: true }[] = [
  {
    sign: /localhost:8080/,
    what: 'there is no kubeconfig, or it names no cluster',
    help: 'Name one with KUBECONFIG or --kubeconfig, and check with: kubectl config view',
  },
  {
    sign: /^(?=[\s\S]*\bstat )(?=[\s\S]*no such file)|error loading config file/i,
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
    help: 'Ask for permission to get Secrets in this namespace.',
    isSkippable: true,
  },
  {
    sign: /getting credentials/,
    what: 'the program that the kubeconfig names to log in failed',
    help: 'Log in to the cluster again, and check with: kubectl auth whoami',
  },
  {
    sign: /unauthorized|must be logged in|provide credentials/i,
    what: 'the cluster does not accept these credentials; they may have expired',
    help: 'Log in to the cluster again, and check with: kubectl auth whoami',
  },
  {
    sign: /context "[^"\n]*" does not exist|context was not found|no context exists/i,
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

async function clusterFailed(helm: Helm, answer: Answer, name: string, skip: string): Promise<LintError> {
  const what = `the Secret ${display(name, 'object name', MAX_NAME_LENGTH)} was not checked`;
  const words = helmError(answer.stderr, []);
  const reason = REASONS.find(({ sign }) => sign.test(words));
  if (answer.isTimedOut) {
    return new LintError(
      `${what}: the cluster did not answer within ${Math.round(helm.timeout / 1000)} seconds`,
      `Check the connection (VPN?) and the context with: kubectl cluster-info\nIf it only needs more time, raise --helm-timeout.${pluginSaid(answer, [])}`,
    );
  }
  if (reason === undefined) return helmFailed(helm, answer, what, []);
  const orSkip = reason.isSkippable && skip !== '' ? `\n${skip}` : '';
  return new LintError(
    `${what}: ${reason.what}`,
    `${reason.help}${orSkip}\nHelm says: ${words}${pluginSaid(answer, [])}`,
  );
}
