import type { Chain } from '../x509/chain/chain.ts';
import { askBrowser } from './browser.ts';
import { type Cause, causeKey } from './cause.ts';
import { askJava } from './java.ts';
import { askOpenssl } from './openssl.ts';
import { type Answer, pathChecks } from './path-building.ts';
import { BROWSERS, type Client, JAVA, type Refusal, refusedBy } from './refusal.ts';

export { issuerKeyRefusals, leafKeyRefusals } from './keys.ts';
export { parseRefusals } from './parsing.ts';
export { keyUsageRefusals, netscapeTypeRefusals } from './usages.ts';

/** All that rules ask about clients. It is large, so they get it with the certificates, and do not import it. */
export type Clients = typeof import('./clients.ts');

/** Consumers refuse a chain, all for the same cause. */
export interface ChainRefusal {
  cause: Cause;
  /** One for each consumer. */
  by: readonly Refusal[];
}

/**
 * Asks every client that validates chains: agents, IDEs, browsers. Ingress controllers and nginx validate none.
 * @returns why some refuse, each cause once; empty where all accept
 * @throws LintError where the chain is too costly to check
 */
export function chainRefusals(chain: Chain, at: Date): readonly ChainRefusal[] {
  const checks = pathChecks(chain, at);
  const answers: [Client, Answer][] = [
    ['openssl', askOpenssl(chain, checks)],
    ...JAVA.map((client): [Client, Answer] => [client, askJava(client, chain, checks)]),
    ...BROWSERS.map((client): [Client, Answer] => [client, askBrowser(client, chain, checks)]),
  ];
  const found = new Map<string, { cause: Cause; clients: Client[] }>();
  for (const [client, { causes }] of answers) {
    for (const cause of causes) {
      const known = found.get(causeKey(cause)) ?? { cause, clients: [] };
      known.clients.push(client);
      found.set(causeKey(cause), known);
    }
  }
  return [...found.values()].map(({ cause, clients }) => ({ cause, by: refusedBy(clients, cause.kind) }));
}
