import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { LintError } from '../errors.ts';
import { isHostName } from '../rules/shared/host.ts';
import { quote } from './flags.ts';

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
const WILDCARD = '*.';
const EXAMPLE = 'Write a bare name, such as lightrun.example.com, or an IP address.';

/**
 * The names that a certificate is to have.
 * @param texts DNS names in whatever case, Unicode or with a final dot, also with a wildcard as first label, and IP
 * addresses
 * @returns each once, as certificates write them: in A-labels and lower case; IPv6 as RFC 5952 has it
 * @throws LintError for the first that is neither
 */
export function hostsOf(texts: readonly string[]): string[] {
  return [...new Set(texts.map(readHost))];
}

function readHost(text: string): string {
  if (isIPv6(text) && !text.includes('%')) return new URL(`http://[${text}]`).hostname.slice(1, -1);
  if (isIP(text) === 4) return text;
  const fault = FAULTS.find(([pattern]) => pattern.test(text));
  if (fault) throw refusal(text, fault[1], fault[2](text));

  const wildcard = text.startsWith(WILDCARD) ? WILDCARD : '';
  const name = domainToASCII(text.slice(wildcard.length)).replace(/\.$/, '');
  const tooLong = lengthFault(wildcard + name);
  if (tooLong) throw refusal(text, tooLong, 'Check the name.');
  if (!isHostName(name)) throw refusal(text, 'is no host name', EXAMPLE);
  if (wildcard !== '' && !name.includes('.')) {
    throw refusal(text, 'is a wildcard for a whole top-level domain, which clients refuse', WILDCARD_HELP);
  }
  return wildcard + name;
}

const WILDCARD_HELP = 'A wildcard stands for one whole label, the first of at least three: *.example.com';

/** What people write in the place of a bare name, with what is said of it. */
const FAULTS: readonly (readonly [RegExp, string, (text: string) => string])[] = [
  [/^$/, 'is empty', () => EXAMPLE],
  [/\.ya?ml$/i, 'is a file', () => 'To put the certificate into a values file, write: --write FILE'],
  [/:\/\//, 'is a URL', (text) => alone(text.replace(/^.*?:\/\//, '').replace(/[:/?#].*$/s, ''))],
  [
    /[,;\s]/,
    'holds more than one name, or a space',
    () => 'Give each name a flag of its own: --host lightrun.example.com --host 10.0.0.5',
  ],
  [/^\[/, 'has brackets', (text) => alone(text.replace(/^\[|\].*$/gs, ''))],
  [/%/, 'has a %', () => 'Write the name or the address alone, without a zone (%eth0) or an escape.'],
  [/^[^:]*:\d*$/, 'has a port', (text) => alone(text.replace(/:.*$/s, ''))],
  [/[/?#@\\]/, 'is more than a host', () => EXAMPLE],
  [/^[\d.]+$/, 'is no IP address', () => 'Write four numbers from 0 to 255, such as 10.0.0.5.'],
  [/_/, 'has an underscore, which host names never have', () => 'Check the name.'],
  [/^\.|\.\./, 'has an empty label between its dots', () => EXAMPLE],
  [/^(?!\*\.[^*]*$).*\*/s, 'has a wildcard where clients take none', () => WILDCARD_HELP],
  [/[^\p{L}\p{M}\p{N}.*-]/u, 'has a character that host names never have', () => EXAMPLE],
];

function lengthFault(name: string): string | null {
  if (name.length > LONGEST_NAME)
    return `is too long: ${name.length} characters, and ${LONGEST_NAME} are allowed`;
  const label = name.split('.').find(({ length }) => length > LONGEST_LABEL);
  return label === undefined
    ? null
    : `is too long between two dots: ${label.length} characters, and ${LONGEST_LABEL} are allowed`;
}

function alone(name: string): string {
  return name === '' ? EXAMPLE : `Write the name alone: --host ${quote(name)}`;
}

function refusal(text: string, what: string, help: string): LintError {
  return new LintError(`--host ${quote(text) || '""'} ${what}`, help);
}
