import { notCheckedValues } from '../lint/not-checked.ts';
import type { Reported, ReportedCertificate, ReportedMaterial, ReportedTarget } from '../lint/summary.ts';
import { count, daysBetween } from '../text/amount.ts';
import { display, displayPath } from '../text/display.ts';
import { escapeUnsafe, shorten } from '../text/escape.ts';
import type { Paint } from '../text/paint.ts';
import { wrap } from '../text/wrap.ts';
import type { SettingName } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';

const INDENT = '    ';
const MOST_DRAWN = 20;
const LONGEST_SECRET_NAME = 253;

interface Layout {
  paint: Paint;
  width: number;
  at: Date;
}

/** What was judged: the source, the chain from the leaf up, the days left, the key; and what was not. */
export function drawChecked(target: ReportedTarget, layout: Layout): string {
  const lines = [...describeSource(target), ...describeNotChecked(target)];
  const text = lines.flatMap((line) => wrap(line, layout.width - INDENT.length)).map((line) => INDENT + line);
  return [...text, ...drawChain(target, layout)].join('\n');
}

/** How much of a target was judged: a report calls nothing fine that was not. */
export function checkedPart({ target, unread }: Reported): 'all' | 'some' | 'none' {
  if (unread) return 'some';
  if (target.source === 'missing' || target.source === 'unreadable') return 'none';
  return describeNotChecked(target).length > 0 ? 'some' : 'all';
}

function describeSource({ source, settings, material, live }: ReportedTarget): string[] {
  if (live?.found)
    return material?.chain
      ? [
          `The certificate in the Secret ${display(live.name, LONGEST_SECRET_NAME)} of the namespace ${display(live.namespace, LONGEST_SECRET_NAME)} was judged${fits(material)}.`,
        ]
      : [];
  const path = (name: SettingName) => displayPath(settings[name].path);
  switch (source) {
    case 'existing-secret': {
      const name = display(String(settings.existingCert.value), LONGEST_SECRET_NAME);
      return resolverOf(settings.existingCert.value)
        ? []
        : [
            `${path('existingCert')} names the Secret ${name}. The values were judged; what is in the Secret was not.`,
          ];
    }
    case 'inline': {
      return material?.chain ? [`The certificate in ${path('tls')} was judged${fits(material)}.`] : [];
    }
    case 'conflict':
      return [
        `Both ${path('existingCert')} and ${path('tls')} are set; what is in the Secret was not judged.`,
      ];
    case 'missing':
      return ['No certificate is set here, so none was judged.'];
    default:
      return ['The values could not be read, so nothing was judged.'];
  }
}

function fits({ owned, chain }: ReportedMaterial): string {
  return owned[0] !== undefined && owned[0] === chain?.leaf ? ', and the key fits it' : '';
}

function describeNotChecked(target: ReportedTarget): string[] {
  return notCheckedValues(target).map(({ name, reason }) => {
    const path = displayPath(target.settings[name].path);
    return `${path} was not judged${reason === null ? '' : `: ${reason}`}.`;
  });
}

function drawChain({ material }: ReportedTarget, { paint, width, at }: Layout): string[] {
  const { chain } = material ?? {};
  if (!chain) return [];
  const rows = chain.path.slice(0, MOST_DRAWN).map((certificate, depth) => {
    const branch = depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `;
    const role = String(chain.roles[certificate.index]);
    return { head: branch + role, name: nameOf(certificate), tail: describe(certificate, at) };
  });
  const headWidth = Math.max(...rows.map(({ head }) => head.length));
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const tailWidth = Math.max(...rows.map(({ tail }) => tail.length));
  const room = Math.max(16, Math.min(nameWidth, width - INDENT.length - headWidth - tailWidth - 4));
  const drawn = rows.map(
    ({ head, name, tail }) =>
      `${INDENT}${paint.dim(head.padEnd(headWidth))}  ${shorten(name, room).padEnd(room)}  ${tail}`,
  );
  const more = chain.path.length - rows.length;
  return more > 0 ? [...drawn, `${INDENT}and ${more} more`] : drawn;
}

/** The whole subject is decoded only where there is nothing shorter. */
function nameOf(certificate: ReportedCertificate): string {
  const { dnsNames, commonName } = certificate;
  return escapeUnsafe(commonName || dnsNames[0] || certificate.subject || certificate.serialNumber);
}

function describe({ publicKey, notAfter }: ReportedCertificate, at: Date): string {
  const days = daysBetween(at, notAfter);
  const left = days < 0 ? 'expired' : `${count(days, 'day')} left`;
  return `${publicKey.description}, ${left}`;
}
