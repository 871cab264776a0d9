import type { InspectedCertificate, InspectedKey, Inspection } from '../inspect/inspect.ts';
import { timeOf } from '../text/amount.ts';
import { escapeCommandsJson } from '../text/ci-commands.ts';
import { escapeUnsafeJson } from '../text/display.ts';
import { version } from '../version.ts';

/**
 * What was found as JSON, as `schema/inspection.schema.json` describes it, with a line feed at the end. Characters that
 * a terminal might act on are written as \u escapes.
 * @param at the time at which validity is shown
 */
export function formatInspectionJson(inspection: Inspection, at: Date): string {
  const { name, source, certificates, path, isInOrder, key, pin, anchor, consumers, diagnostics } =
    inspection;
  const report = {
    schemaVersion: 1,
    tool: { name: 'lightrun-cert', version },
    name: name,
    source,
    at: timeOf(at),
    certificates: certificates.map(certificateOf),
    chain: path.map(({ position }) => position),
    inOrder: isInOrder,
    key: key && keyOf(key),
    pin,
    anchor,
    consumers,
    problems: diagnostics.map(({ message, isUnread }) => ({ message, unread: isUnread })),
  };
  return `${escapeCommandsJson(escapeUnsafeJson(JSON.stringify(report, null, 2)))}\n`;
}

function certificateOf({
  certificate,
  position,
  role,
  issuer,
  copyOf,
  validity,
}: InspectedCertificate): object {
  return {
    position,
    role,
    copyOf,
    subject: certificate.subject,
    issuer: certificate.issuer,
    issuerPosition: issuer,
    serialNumber: certificate.serialNumber,
    notBefore: timeOf(certificate.notBefore),
    notAfter: timeOf(certificate.notAfter),
    validity,
    names: [...certificate.dnsNames, ...certificate.ipAddresses],
    publicKey: certificate.publicKey.description,
    signature: certificate.signatureAlgorithm.algorithm,
    fingerprintSha256: certificate.fingerprintSha256,
    pinSha256: certificate.pinSha256,
  };
}

function keyOf({ state, container, encrypted, description, fits }: InspectedKey): object {
  return { state, container, encrypted, description, fits };
}
