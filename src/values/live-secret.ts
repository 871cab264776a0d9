/** A Secret in the cluster, as far as it is checked. */
export interface LiveSecret {
  name: string;
  namespace: string;
  /** Null where there is none of that name. */
  found: FoundSecret | null;
  /** Names of Secrets in the namespace that are like it; empty where it was found, or listing is not allowed. */
  near: readonly string[];
  /** Whether the namespace itself is not there; false where that could not be asked. */
  isNamespaceMissing: boolean;
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
  /** Its data cannot be changed (`immutable: true`). */
  isImmutable: boolean;
  /** Who would write it over again; null where nobody is known to. */
  owner: SecretOwner | null;
}

/** Who keeps a Secret as it is, by its metadata. */
export interface SecretOwner {
  /** Such as `cert-manager`, `Helm`, or the kind of the object that owns it. */
  kind: string;
  /** What writes it there: a Certificate, a release, an application: untrusted text. */
  name: string;
}

/**
 * Reads a Secret of the release's namespace.
 * @throws LintError where the cluster cannot be asked
 */
export type SecretReader = (name: string) => Promise<LiveSecret>;
