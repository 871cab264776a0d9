import { titleOf } from '../inspect/anchor.ts';
import type { InspectedCertificate } from '../inspect/inspect.ts';
import { escapeUnsafe, shorten } from '../text/escape.ts';
import type { Paint } from '../text/paint.ts';
import { wrap } from '../text/wrap.ts';
import type { Certificate } from '../x509/certificate.ts';
import { drawBar } from './bar.ts';
import { drawFields, FIELD_START, type Field, fold } from './fields.ts';
import { placeWords } from './inspection-words.ts';

const MOST_NAMES = 12;
const MOST_LINES = 4;

/** All about one certificate. */
export function drawCertificate(
  inspected: InspectedCertificate,
  { paint, width, withPlace }: { paint: Paint; width: number; withPlace: boolean },
): string[] {
  const { certificate, role, issuer, position, validity } = inspected;
  const room = width - FIELD_START;
  const text = (value: string): string[] => fold(escapeUnsafe(value), room, MOST_LINES);
  const fields: Field[] = [
    ...namesField(certificate, role === 'leaf', room),
    [
      'valid',
      [`${day(certificate.notBefore)} to ${day(certificate.notAfter)} (UTC)`, drawBar(validity, paint)],
    ],
    ['subject', certificate.subject === '' ? ['none'] : text(certificate.subject)],
    ['issuer', issuer === position ? ['itself'] : text(certificate.issuer)],
    ['key', [certificate.publicKey.description]],
    ['signature', text(certificate.signature.algorithm)],
    ['serial', text(certificate.serialNumber)],
    ['fingerprint', [certificate.fingerprintSha256]],
  ];
  const place = withPlace ? `, ${placeWords(position)}` : '';
  const head = `${role}${place}: `;
  const title = shorten(escapeUnsafe(titleOf(certificate)), width - head.length);
  return [`${paint.bold(role)}${place}: ${title}`, ...drawFields(fields, paint.dim)];
}

/** Clients look only at names that name a server; CA certificates have none as a rule. */
function namesField({ dnsNames, ipAddresses }: Certificate, isLeaf: boolean, room: number): Field[] {
  const names = [...dnsNames, ...ipAddresses];
  if (names.length === 0) return isLeaf ? [['names', ['none that names a server']]] : [];
  // A space inside a name would break it.
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => shorten(escapeUnsafe(name), room - 1).replaceAll(' ', '\\x20'));
  const more = names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : [];
  return [['names', [...wrap(shown.join(', '), room), ...more]]];
}

function day(date: Date): string {
  return date.toISOString().slice(0, date.getUTCFullYear() > 9999 ? 13 : 10);
}
