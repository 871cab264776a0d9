import type { Location } from '../values/values.ts';

/** What is known of how a delivery tool makes values of a release; plain data. */
export interface DeliveryFacts {
  /** The layers that could not be looked at. */
  unknown: readonly UnknownLayer[];
  traps: readonly FoundTrap[];
  /** Whether what is PEM came from a Secret of type kubernetes.io/tls, which the tool decodes. */
  isFromTlsSecret: boolean;
}

/** A layer that could not be looked at. */
export interface UnknownLayer {
  /** As the manifest names it; untrusted text. */
  name: string;
  reason: string;
}

/** Values that the tool ignores or another layer overrides, or whose order nobody can tell. */
export interface FoundTrap {
  kind: 'shadowed' | 'ambiguous';
  message: string;
  help: string;
  location: Location;
  /** In the manifest. */
  path: readonly string[];
}
