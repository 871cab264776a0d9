/** A Secret in the cluster, as far as it is checked. */
export interface LiveSecret {
  name: string;
  namespace: string;
  /** Null where there is none of that name. */
  found: FoundSecret | null;
  /** Names of Secrets in the namespace that are like it; empty where it was found, or listing is not allowed. */
  near: readonly string[];
}

export interface FoundSecret {
  /** Such as `kubernetes.io/tls`. */
  type: string;
  /** What its data hold. */
  keys: readonly string[];
  /** Base64, as the API server gives it; null where the key is not there. */
  crt: string | null;
  key: string | null;
  /** `ca.crt`. */
  ca: string | null;
}

/**
 * Reads a Secret of the release's namespace.
 * @throws LintError where the cluster cannot be asked
 */
export type SecretReader = (name: string) => Promise<LiveSecret>;
