import type { Certificate } from '../certificate.ts';
import { type ClientView, type ClientWay, wayOfClients } from './openssl-path.ts';
import type { Links } from './links.ts';

/** The way of clients that come to no top. */
export type Astray = ClientWay & { fault: NonNullable<ClientWay['fault']> };

/** What decides whether clients arrive. */
export interface Arrival {
  links: Links;
  /** Whether a certificate's issuer is a known root. Asked only where clients come to no root of the file. */
  isKnown(certificate: Certificate): boolean;
  /** Whether clients arrive where the file ends, too: its best way ends there, and nobody knows what is above. */
  isOpen(): boolean;
}

/**
 * The way of clients in one order (see `wayOfClients`), where it brings them to no top and in another order would;
 * else null.
 * @param order the file's certificates in its order, leaf first, without copies
 * @param better gives the other order of the same certificates
 */
export function astrayIn(
  order: readonly Certificate[],
  better: () => readonly Certificate[],
  view: ClientView,
  arrival: Arrival,
): Astray | null {
  const way = strayIn(order, view, arrival);
  return way !== null && strayIn(better(), view, arrival) === null ? way : null;
}

function strayIn(order: readonly Certificate[], view: ClientView, arrival: Arrival): Astray | null {
  const places = new Map(order.map((certificate, at) => [certificate, at]));
  const placeOf = (certificate: Certificate): number => places.get(certificate) ?? order.length;
  const { way, fault } = wayOfClients(order[0] as Certificate, arrival.links, placeOf, view);
  if (fault === null) return null;
  const { kind, certificate } = fault;
  const isEnd = kind === 'missing' && arrival.links.of(certificate).kind === 'missing';
  if (isEnd && arrival.isOpen()) return null;
  const sound = kind === 'missing' ? way : way.slice(0, way.indexOf(certificate));
  return sound.some(arrival.isKnown) ? null : { way, fault };
}
