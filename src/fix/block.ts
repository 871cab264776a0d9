import { yamlKey, yamlText } from '../values/yaml/write.ts';
import { encodedPair, type PemPair } from './pair.ts';

/**
 * The `certificate:` block for values.yaml.
 * @param root where the Lightrun chart's values sit; empty for the top
 * @returns YAML, ended by a line break
 */
export function certificateBlock(pair: PemPair, root: readonly string[]): string {
  const { crt, key } = encodedPair(pair);
  const keys = [...root, 'certificate'].map((name, depth) => `${indent(depth)}${yamlKey(name)}:`);
  const depth = keys.length;
  return [
    ...keys,
    `${indent(depth)}existing_cert: ""`,
    `${indent(depth)}tls:`,
    `${indent(depth + 1)}crt: ${yamlText(crt)}`,
    `${indent(depth + 1)}key: ${yamlText(key)}`,
    '',
  ].join('\n');
}

const indent = (depth: number): string => '  '.repeat(depth);
