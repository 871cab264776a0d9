import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REDACTED } from '../../src/text/redact.ts';
import { lintText } from '../support/lint.ts';

const HEX = '0123456789abcdef'.repeat(4);
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What is said of one pin; null for nothing. */
async function diagnose(pin: string): Promise<string | null> {
  const yaml = `certificate:\n  existing_cert: a\n  security_pinned_hashes: [${JSON.stringify(pin)}]\n`;
  const { findings } = await lintText(yaml);
  const message = findings.find(({ rule }) => rule === 'pin-format')?.message ?? null;
  return message && (/security_pinned_hashes (.*?)\. On install/.exec(message)?.[1] ?? message);
}

for (const [pin, expected] of [
  [HEX, null],
  [HEX.toUpperCase(), null],
  [HEX.slice(1), 'has 63 hexadecimal digits, not 64'],
  [`${HEX}0`, 'has 65 hexadecimal digits, not 64'],
  [`${HEX} `, 'has white space around it'],
  [` ${HEX}`, 'has white space around it'],
  ['', 'is empty'],
  [NOTHING, 'is the digest of nothing (e3b0c442…), not of a certificate'],
  [NOTHING.toUpperCase(), 'is the digest of nothing (e3b0c442…), not of a certificate'],
  ['sha256/abc=', 'is not 64 hexadecimal digits: sha256/abc='],
  [`${HEX.slice(1)}g`, `is not 64 hexadecimal digits: ${REDACTED}`],
  [`g${HEX.slice(1)}`, `is not 64 hexadecimal digits: ${REDACTED}`],
] as const) {
  test(`${JSON.stringify(pin)}: ${expected ?? 'a pin'}`, async () =>
    assert.is(await diagnose(pin), expected));
}

test.run();
