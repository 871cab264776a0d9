/** The Secret that the pods mount, as far as it is checked: as it is in the cluster, or as a Helm command makes it. */
export interface LiveSecret {
  name: string;
  namespace: string;
  /** Null where there is none of that name, or there will be none. */
  found: FoundSecret | null;
  /** Why there will be none, though there is one now; null where it stays. */
  going: SecretGoing | null;
  /** Whether the Helm command that is to run makes it, so that what is in the cluster does not count. */
  isRendered: boolean;
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
  /** The release that made it, and deletes it once it does not render it any more; null where there is none. */
  release: string | null;
}

/** Why a Secret goes: it has a deletion timestamp, or its release does not render it any more. */
export type SecretGoing = { by: 'deletion' } | { by: 'release'; release: string };

/** Who keeps a Secret as it is, by its metadata. */
export interface SecretOwner {
  /** Such as `cert-manager`, `Helm`, or the kind of the object that owns it. */
  kind: string;
  /** What writes it there: a Certificate, a release, an application: untrusted text. */
  name: string;
}

/**
 * Reads a Secret of the release's namespace.
 * @param name null for the one that the pods mount where the values name none
 * @param known what Helm answered, where it was already asked for this one
 * @returns null where no name was given, and none is known
 * @throws LintError where the cluster cannot be asked
 */
export type SecretReader = (name: string | null, known?: object) => Promise<LiveSecret | null>;
