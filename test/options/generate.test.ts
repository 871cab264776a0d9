import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import { hostsOf } from '../../src/options/generate.ts';

/** A name of 253 characters. */
const LONGEST = `a${'.a'.repeat(122)}.example`;

test('names and addresses come in the form that certificates use', () => {
  for (const [text, host] of [
    ['lightrun.example.com', 'lightrun.example.com'],
    ['LightRun.Example.COM.', 'lightrun.example.com'],
    ['localhost', 'localhost'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['*.example.com', '*.example.com'],
    ['*.Bücher.example', '*.xn--bcher-kva.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
    [LONGEST, LONGEST],
    ['10.0.0.5', '10.0.0.5'],
    ['::1', '::1'],
    ['2001:DB8:0:0:0:0:0:00ff', '2001:db8::ff'],
    ['::ffff:10.0.0.5', '::ffff:a00:5'],
  ] as const) {
    assert.equal(hostsOf([text]), [host], text);
  }
});

test('duplicates are given once, in the order of the first', () => {
  const hosts = hostsOf(['b.example.com', 'a.example.com', 'B.example.com.', '::1', '0:0:0:0:0:0:0:1']);
  assert.equal(hosts, ['b.example.com', 'a.example.com', '::1']);
});

test('anything else is refused, with what to write', () => {
  for (const [text, message, help] of [
    ['', /^--host "" is empty$/, /such as lightrun\.example\.com/],
    ['https://lightrun.example.com:443/x', /is a URL/, /only the name: --host lightrun\.example\.com$/],
    ['https://', /is a URL/, /such as lightrun\.example\.com/],
    ['lightrun.example.com:443', /has a port/, /only the name: --host lightrun\.example\.com$/],
    ['[::1]:443', /has brackets/, /only the name: --host ::1$/],
    ['fe80::1%eth0', /has a %/, /without a zone/],
    ['%61.example.com', /has a %/, /an escape/],
    ['a.example.com,b.example.com', /more than one name/, /its own flag: --host/],
    ['a.example.com b.example.com', /more than one name/, /its own flag: --host/],
    ['values.yaml', /is a file/, /--write FILE/],
    ['a.example.com/x', /more than a host/, /bare name/],
    ['me@a.example.com', /more than a host/, /bare name/],
    ['a.example.com?x', /more than a host/, /bare name/],
    ['256.0.0.1', /is not a valid IP address/, /from 0 to 255/],
    ['1.2.3', /is not a valid IP address/, /from 0 to 255/],
    ['0x7f.1', /is not a valid host name/, /bare name/],
    ['1:2:3', /a character that host names cannot have/, /an IP address/],
    ['my_host.example.com', /has an underscore/, /Check/],
    ['a..example.com', /an empty label/, /bare name/],
    ['.example.com', /an empty label/, /bare name/],
    ['-a.example.com', /is not a valid host name/, /bare name/],
    ['xn--a.example.com', /is not a valid host name/, /bare name/],
    ['*', /a wildcard where clients accept none/, /\*\.example\.com/],
    ['a.*.example.com', /a wildcard where clients accept none/, /\*\.example\.com/],
    ['a*.example.com', /a wildcard where clients accept none/, /\*\.example\.com/],
    ['*.*.example.com', /a wildcard where clients accept none/, /\*\.example\.com/],
    ['*.com', /a wildcard for a whole top-level domain/, /\*\.example\.com/],
    ['*.10.0.0.5', /is not a valid host name/, /bare name/],
    [`${'a'.repeat(64)}.example`, /a label that is too long: 64 characters, at most 63/, /Check/],
    [`a${LONGEST}`, /too long: 254 characters, at most 253/, /Check/],
    [`${'a.'.repeat(125)}example`, /too long: 257 characters, at most 253/, /Check/],
    ['\x1b[31m', /^--host \\x1b\[31m has a character/, /bare name/],
  ] as const) {
    assert.throws(
      () => hostsOf(['a.example.com', text]),
      (error: unknown) => error instanceof LintError && message.test(error.message) && help.test(error.help),
      JSON.stringify(text),
    );
  }
});

test('a private key that was pasted in place of a host is not shown', () => {
  const pasted = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
  assert.throws(
    () => hostsOf([`${pasted}/`]),
    (error: unknown) => {
      const { message, help } = error as LintError;
      return !`${message}${help}`.includes(pasted.slice(0, 8));
    },
  );
});

test.run();
