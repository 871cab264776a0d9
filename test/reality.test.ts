/**
 * Verdicts against reality: the pairs of test/support/pairs.ts are given to the programs that consume them. Where
 * one refuses, there has to be an error; where all accept, there is none, unless the rule is one of those below.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeAsKubernetes, handshakeRefusal, loadRefusal } from './support/consumers.ts';
import { lintText } from './support/lint.ts';
import { PAIRS, type Pair } from './support/pairs.ts';
import { inlineYaml } from './support/values-yaml.ts';

/** Rules that are stricter than these consumers, each with the reason. */
const STRICTER: Readonly<Record<string, string>> = {
  'key-format': 'OpenSSL loads SEC1; the page allows PKCS#1 and PKCS#8 only',
  'pem-wrong-block':
    'OpenSSL passes over a block that does not belong; not all readers do, and a key is no public thing',
  'chain-order': 'clients put a chain in order whose leaf comes first; the page forbids it',
  'key-weak': "Node's OpenSSL takes RSA 1024 at its security level 1; nginx does not",
};

async function refusal({ crt, key, root, options }: Pair): Promise<string | null> {
  let bytes: [Buffer, Buffer];
  try {
    bytes = [decodeAsKubernetes(crt), decodeAsKubernetes(key)];
  } catch (error) {
    return (error as Error).message;
  }
  const load = loadRefusal(...bytes);
  if (load !== null || !root || options?.at) return load;
  const old = await handshakeRefusal(...bytes, root.pem, 'TLSv1.2');
  return old ?? handshakeRefusal(...bytes, root.pem, 'TLSv1.3');
}

const used = new Set<string>();

for (const pair of PAIRS) {
  test(pair.name, async () => {
    const { verdicts } = await lintText(inlineYaml(pair.crt, pair.key, pair.more), pair.options);
    const errors = verdicts.filter(({ severity }) => severity === 'error').map(({ rule }) => rule.id);
    const refused = await refusal(pair);
    if (refused !== null && !isOpenedByPassword(pair)) {
      assert.ok(errors.length > 0, `refused (${refused}), but no error`);
    } else if (!pair.options?.at && pair.root) {
      for (const rule of errors) used.add(rule);
      const unexplained = errors.filter((rule) => !(rule in STRICTER));
      assert.equal(unexplained, [], 'accepted by all, but errors');
    }
  });
}

test('no rule is called stricter without need', () => {
  assert.equal(
    Object.keys(STRICTER).filter((rule) => !used.has(rule)),
    [],
  );
});

/** The router tries that password; the consumers here do not. */
function isOpenedByPassword({ expected }: Pair): boolean {
  return expected.includes('key-encrypted=warning');
}

test.run();
