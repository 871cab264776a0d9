import { yamlKey, yamlString } from '../values/yaml/scalar.ts';

/** A certificate chain and its private key, as the chart takes them. */
export interface PemPair {
  /** Certificates in PEM, in order: leaf, intermediates, root. */
  crt: string;
  /** One private key in PEM, PKCS#8 or PKCS#1. */
  key: string;
}

/** Both as values.yaml holds them: base64 (RFC 4648 section 4) on one line each. */
export function encodedPair({ crt, key }: PemPair): PemPair {
  return { crt: encoded(crt), key: encoded(key) };
}

function encoded(pem: string): string {
  return Buffer.from(pem, 'latin1').toString('base64');
}

/**
 * The `certificate:` block for values.yaml.
 * @param root where the Lightrun chart's values are; empty for the top
 * @returns YAML that ends with a line break
 */
export function certificateBlock(pair: PemPair, root: readonly string[]): string {
  const { crt, key } = encodedPair(pair);
  const keys = [...root, 'certificate'].map((name, depth) => `${indent(depth)}${yamlKey(name)}:`);
  const depth = keys.length;
  return [
    ...keys,
    `${indent(depth)}existing_cert: ""`,
    `${indent(depth)}tls:`,
    `${indent(depth + 1)}crt: ${yamlString(crt)}`,
    `${indent(depth + 1)}key: ${yamlString(key)}`,
    '',
  ].join('\n');
}

const indent = (depth: number): string => '  '.repeat(depth);
