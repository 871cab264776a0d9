/** Kubernetes refuses a Secret whose data is larger, in bytes, decoded and in all (MaxSecretSize). */
export const MAX_SECRET_SIZE = 1024 * 1024;

/** An RSA key of 16384 bits, the longest that OpenSSL computes with, has about 9,300 bytes in DER. */
export const MAX_KEY_SIZE = 32 * 1024;
