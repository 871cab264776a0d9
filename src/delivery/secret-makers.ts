import type { Location } from '../values/values.ts';
import type { ManifestObject } from './form.ts';
import { itemsAt, mapAt, nodeAt, scalarAt, textAt } from './nodes.ts';

/** An object from which a controller makes a Secret of the cluster. */
export interface SecretMaker {
  kind: 'Certificate' | 'ExternalSecret' | 'SealedSecret';
  /** Its own name. */
  name: string;
  /** The Secret's. */
  secret: string;
  /** The Secret's type; null where the controller's default counts. */
  type: string | null;
  /** The keys of the Secret; null where they cannot be known. */
  keys: readonly string[] | null;
  /** What a Certificate of cert-manager asks for. */
  certificate: {
    /** `RSA`, `ECDSA`, `Ed25519`; null where the default, RSA, counts. */
    algorithm: string | null;
    size: number | null;
    encoding: string | null;
    rotationPolicy: string | null;
    dnsNames: readonly string[];
    ipAddresses: readonly string[];
    usages: readonly string[];
    isCa: boolean;
  } | null;
  /** The place of a field, or of the nearest that is there. */
  placeOf(...path: readonly string[]): { location: Location; path: readonly string[] };
}

/**
 * Reads what makes a Secret: `Certificate` of cert-manager, `ExternalSecret` of the External Secrets Operator,
 * `SealedSecret` of Bitnami.
 * @returns null for any other object
 */
export function secretMaker(object: ManifestObject): SecretMaker | null {
  const { group, kind, node } = object;
  const name = object.name ?? '';
  const common = { name, placeOf: placesIn(object), certificate: null };
  if (kind === 'Certificate' && group === 'cert-manager.io') {
    const secret = textAt(node, 'spec', 'secretName');
    const type = 'kubernetes.io/tls';
    return secret === null
      ? null
      : { ...common, kind, secret, type, keys: ['tls.crt', 'tls.key'], certificate: certificateIn(object) };
  }
  if (kind === 'ExternalSecret' && group === 'external-secrets.io') {
    const target = ['spec', 'target'];
    return {
      ...common,
      kind,
      secret: textAt(node, ...target, 'name') ?? name,
      type: textAt(node, ...target, 'template', 'type') ?? 'Opaque',
      keys: externalKeys(object),
    };
  }
  if (kind === 'SealedSecret' && group === 'bitnami.com') {
    const type = textAt(node, 'spec', 'template', 'type') ?? 'Opaque';
    const keys = ['encryptedData', 'template.data'].flatMap((path) =>
      keysAt(object, 'spec', ...path.split('.')),
    );
    return { ...common, kind, secret: name, type, keys };
  }
  return null;
}

function certificateIn({ node }: ManifestObject): SecretMaker['certificate'] {
  const key = ['spec', 'privateKey'];
  const strings = (name: string) => itemsAt(node, 'spec', name).map(({ item }) => scalarAt(item) ?? '');
  const isCa = nodeAt(node, 'spec', 'isCA');
  return {
    algorithm: textAt(node, ...key, 'algorithm'),
    size: Number(scalarAt(node, ...key, 'size')) || null,
    encoding: textAt(node, ...key, 'encoding'),
    rotationPolicy: textAt(node, ...key, 'rotationPolicy'),
    dnsNames: strings('dnsNames'),
    ipAddresses: strings('ipAddresses'),
    usages: strings('usages'),
    isCa: isCa?.kind === 'scalar' && isCa.value === true,
  };
}

function externalKeys(object: ManifestObject): string[] | null {
  const { node } = object;
  const template = ['spec', 'target', 'template'];
  if (nodeAt(node, ...template, 'templateFrom')) return null;
  const own = keysAt(object, ...template, 'data');
  if (own.length > 0) return own;
  return nodeAt(node, 'spec', 'dataFrom')
    ? null
    : itemsAt(node, 'spec', 'data').flatMap(({ item }) => textAt(item, 'secretKey') ?? []);
}

function keysAt({ node }: ManifestObject, ...path: readonly string[]): string[] {
  return [...(mapAt(node, ...path)?.members.keys() ?? [])];
}

function placesIn({ node, file }: ManifestObject): SecretMaker['placeOf'] {
  return (...path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const found = nodeAt(node, ...path.slice(0, length));
      if (found)
        return { location: file.lines.location(found.start, found.end), path: path.slice(0, length) };
    }
    return { location: file.lines.location(node.start, node.start), path: [] };
  };
}
