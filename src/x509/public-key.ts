import { createPublicKey, type KeyObject } from 'node:crypto';
import * as asn1js from 'asn1js';
import { tryDecodeAsn1 } from './asn1.ts';

/** A public key, in a certificate or of a private key. */
export interface PublicKeyFacts {
  /** For people: `RSA 2048`, `EC P-256`, `Ed25519`, `RSA-PSS 2048`, `DSA 2048`, `EC secp256k1`, `EC explicit parameters`. */
  description: string;
  /** Node's `asymmetricKeyType` (`rsa`, `rsa-pss`, `ec`, `dsa`, `ed25519`, `ed448`, `x25519` …), `unknown` where OpenSSL does not know it. */
  type: string;
  /** Size of the modulus or field in bits; null where the type has only one size, or it is unknown. */
  bits: number | null;
  /** The field's name of a named curve (`P-256`, `secp256k1` …), `explicit` for explicit parameters, else null. */
  curve: string | null;
  /** The public exponent of a key of type `rsa` that OpenSSL knows; null for all others. */
  exponent: bigint | null;
  /** DER of the SubjectPublicKeyInfo; compare keys with `sameKey`. */
  spki: Buffer;
}

const NAMES: Record<string, string> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  dsa: 'DSA',
  dh: 'DH',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  x25519: 'X25519',
  x448: 'X448',
};

/** NIST's names (FIPS 186-4 appendix D) by OpenSSL's; other curves keep OpenSSL's. */
const CURVES: Record<string, string> = {
  prime192v1: 'P-192',
  secp224r1: 'P-224',
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** RFC 3279 section 2.3, RFC 4055 section 1.2, RFC 8410 section 3. */
const ALGORITHMS: Record<string, string> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10040.4.1': 'dsa',
  '1.2.840.113549.1.3.1': 'dh',
  '1.2.840.10045.2.1': 'ec',
  '1.3.101.110': 'x25519',
  '1.3.101.111': 'x448',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

/** Describes a public key that OpenSSL has loaded. */
export function publicKeyFacts(key: KeyObject): PublicKeyFacts {
  const type = key.asymmetricKeyType ?? 'unknown';
  const spki = key.export({ type: 'spki', format: 'der' });
  const details = key.asymmetricKeyDetails ?? {};
  if (type === 'ec') return ecFacts(spki, details.namedCurve ?? null);
  const bits = details.modulusLength ?? null;
  const exponent = type === 'rsa' ? (details.publicExponent ?? null) : null;
  return { description: describe(type, bits), type, bits, curve: null, exponent, spki };
}

/**
 * Describes a public key by its SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7); one that OpenSSL cannot load by its
 * algorithm's identifier alone. Never throws.
 */
export function publicKeyFactsOfSpki(der: Buffer): PublicKeyFacts {
  const facts = loaded(der);
  if (facts !== null) return facts;
  const algorithm = algorithmOf(der);
  const type = (algorithm && ALGORITHMS[algorithm.oid]) ?? 'unknown';
  const description = NAMES[type] ?? (algorithm ? `unknown algorithm ${algorithm.oid}` : 'unknown');
  return { description, type, bits: null, curve: null, exponent: null, spki: der };
}

/**
 * Whether two public keys are the same for OpenSSL (`X509_check_private_key`): of one type (RSA and RSA-PSS are two),
 * with the same numbers in whatever encoding.
 */
export function sameKey(a: PublicKeyFacts, b: PublicKeyFacts): boolean {
  if (a.spki.equals(b.spki)) return true;
  if (a.type !== b.type) return false;
  // OpenSSL writes an RSA key that it knows in one way only, and to load keys takes time.
  if (a.exponent !== null && b.exponent !== null) return false;
  const first = load(a.spki);
  const second = load(b.spki);
  try {
    return first !== null && second !== null && first.equals(second);
  } catch {
    return false;
  }
}

function load(spki: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/** Null where OpenSSL cannot load it, or loads and then cannot write it: the point at infinity. */
function loaded(spki: Buffer): PublicKeyFacts | null {
  const key = load(spki);
  try {
    return key && publicKeyFacts(key);
  } catch {
    return null;
  }
}

function ecFacts(spki: Buffer, name: string | null): PublicKeyFacts {
  const type = 'ec';
  const bits = Number(/\d{3}/.exec(name ?? '')?.[0]) || null;
  // OpenSSL names a curve also where explicit parameters are those of the curve. Only a longer key is decoded: with
  // a name the whole is two coordinates and some 30 bytes, with parameters over four.
  if (bits === null || spki.length > 3 * Math.ceil(bits / 8) + 40) {
    const parameters = algorithmOf(spki)?.parameters;
    if (parameters instanceof asn1js.Sequence) {
      const size = fieldSize(parameters);
      return {
        description: 'EC explicit parameters',
        type,
        bits: size,
        curve: 'explicit',
        exponent: null,
        spki,
      };
    }
  }
  const curve = name === null ? null : (CURVES[name] ?? name);
  return { description: describe(type, curve), type, bits, curve, exponent: null, spki };
}

/** The size of the field in ECParameters (RFC 3279 section 2.3.5): a prime, or the degree of a binary field. */
function fieldSize(parameters: asn1js.Sequence): number | null {
  const field = parameters.valueBlock.value[1];
  const size = field instanceof asn1js.Sequence ? field.valueBlock.value[1] : undefined;
  if (size instanceof asn1js.Integer) return size.toBigInt().toString(2).length;
  const degree = size instanceof asn1js.Sequence ? size.valueBlock.value[0] : undefined;
  return degree instanceof asn1js.Integer ? degree.valueBlock.valueDec : null;
}

function algorithmOf(spki: Buffer): { oid: string; parameters: unknown } | null {
  const result = tryDecodeAsn1(spki);
  const algorithm = result instanceof asn1js.Sequence ? result.valueBlock.value[0] : undefined;
  if (!(algorithm instanceof asn1js.Sequence)) return null;
  const [oid, parameters] = algorithm.valueBlock.value;
  return oid instanceof asn1js.ObjectIdentifier ? { oid: oid.valueBlock.toString(), parameters } : null;
}

function describe(type: string, detail: string | number | null): string {
  const name = NAMES[type] ?? type;
  return detail === null ? name : `${name} ${detail}`;
}
