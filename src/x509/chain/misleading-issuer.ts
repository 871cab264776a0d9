import type { Certificate } from '../certificate.ts';
import type { Links } from './links.ts';
import { type Acceptance, type OpensslPath, opensslPath } from './openssl-path.ts';

/** The way of clients that come to no top. */
export type Misled = OpensslPath & { fault: NonNullable<OpensslPath['fault']> };

/** What decides whether clients arrive. */
export interface Arrival {
  links: Links;
  /** Whether a certificate's issuer is a known root. Asked only where clients come to no root of the file. */
  isKnown(certificate: Certificate): boolean;
  /** Whether clients arrive where the file ends, too: its best way ends there, and nobody knows what is above. */
  isOpen(): boolean;
}

/**
 * The way of clients in one order (see `opensslPath`), where it brings them to no top and in another order would;
 * else null.
 * @param order the file's certificates in its order, leaf first, without copies
 * @param better gives the other order of the same certificates
 */
export function misledIn(
  order: readonly Certificate[],
  better: () => readonly Certificate[],
  view: Acceptance,
  arrival: Arrival,
): Misled | null {
  const way = misledBy(order, view, arrival);
  return way !== null && misledBy(better(), view, arrival) === null ? way : null;
}

function misledBy(order: readonly Certificate[], view: Acceptance, arrival: Arrival): Misled | null {
  const places = new Map(order.map((certificate, at) => [certificate, at]));
  const placeOf = (certificate: Certificate): number => places.get(certificate) ?? order.length;
  const { way, fault } = opensslPath(order[0] as Certificate, arrival.links, placeOf, view);
  if (fault === null) return null;
  const { kind, certificate } = fault;
  const isEnd = kind === 'missing' && arrival.links.of(certificate).kind === 'missing';
  if (isEnd && arrival.isOpen()) return null;
  const sound = kind === 'missing' ? way : way.slice(0, way.indexOf(certificate));
  return sound.some(arrival.isKnown) ? null : { way, fault };
}
