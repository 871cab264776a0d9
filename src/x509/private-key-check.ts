import { type KeyObject, sign, verify } from 'node:crypto';

/** OPENSSL_RSA_MAX_MODULUS_BITS: OpenSSL verifies nothing by a larger key. */
const MAX_MODULUS_BITS = 16384;
/** Modulus, private exponent, and five numbers of half their size, rounded up; and their headers. */
const NUMBERS = 5;
const OVERHEAD = 1024;
/** Too small for the trial signature, and for TLS; but not broken. */
const MIN_MODULUS_BITS = 512;

/**
 * Whether a private key belongs to its own public key, which OpenSSL does not check on loading: an RSA key whose
 * numbers fit together (RFC 8017 section 3.2), else a key whose trial signature verifies. Other types than RSA,
 * RSA-PSS and EC derive their public key and always pass. Never throws.
 */
export function canSign(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const { modulusLength = 0, hashAlgorithm = 'sha256' } = publicKey.asymmetricKeyDetails ?? {};
  switch (privateKey.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength > MAX_MODULUS_BITS) return false;
      if (isBloated(privateKey, modulusLength)) return false;
      if (rsaNumbersFit(privateKey) || modulusLength < MIN_MODULUS_BITS) return true;
      return signatureVerifies(privateKey, publicKey, 'sha256');
    case 'rsa-pss':
      if (modulusLength > MAX_MODULUS_BITS || isBloated(privateKey, modulusLength)) return false;
      return signatureVerifies(privateKey, publicKey, hashAlgorithm);
    case 'ec':
      return signatureVerifies(privateKey, publicKey, 'sha256');
    default:
      return true;
  }
}

/** Whether numbers of an RSA key are much longer than its modulus: computing with them could take minutes. */
function isBloated(privateKey: KeyObject, modulusLength: number): boolean {
  const size = privateKey.export({ type: 'pkcs8', format: 'der' }).length;
  return size > (modulusLength / 8) * NUMBERS + OVERHEAD;
}

function signatureVerifies(privateKey: KeyObject, publicKey: KeyObject, hash: string): boolean {
  const data = Buffer.from('trial');
  try {
    return verify(hash, data, publicKey, sign(hash, data, privateKey));
  } catch {
    return false;
  }
}

/** Takes a quarter of a signature's time. False where the primes are missing from the key, or zero. */
function rsaNumbersFit(privateKey: KeyObject): boolean {
  try {
    const { n, e, p, q, dp, dq, qi } = privateKey.export({ format: 'jwk' });
    const prime1 = unsigned(p);
    const prime2 = unsigned(q);
    const exponent = unsigned(e);
    return (
      prime1 * prime2 === unsigned(n) &&
      (unsigned(dp) * exponent) % (prime1 - 1n) === 1n &&
      (unsigned(dq) * exponent) % (prime2 - 1n) === 1n &&
      (unsigned(qi) * prime2) % prime1 === 1n
    );
  } catch {
    return false;
  }
}

function unsigned(base64url: unknown): bigint {
  return BigInt(`0x${Buffer.from(String(base64url), 'base64url').toString('hex')}`);
}
