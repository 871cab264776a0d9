/** Who consumes the certificate, in the order of the table that people see. `browser` includes VS Code. */
export const CONSUMERS = ['helm', 'kubernetes', 'openssl', 'nginx', 'go', 'java', 'browser'] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** One consumer refuses one thing. */
export interface Refusal {
  consumer: Consumer;
  /** Which of them, in users' words: `agents on Java 8 and 11`, `Chrome, Edge and Safari`. */
  who: string;
  /** What it refuses, as a noun phrase: `a negative serial number`. */
  what: string;
  /** The same, as they are measured. */
  clients: readonly Client[];
  /** Whether that is all of the consumer. */
  isWhole: boolean;
}

/** The consumers in users' words. */
export const CONSUMER_NAMES: Readonly<Record<Consumer, string>> = {
  helm: 'Helm and the chart',
  kubernetes: 'Kubernetes',
  openssl: 'OpenSSL: the pin, Python and Node agents, curl',
  nginx: "nginx: the router's own TLS",
  go: 'Ingress controllers (Go)',
  java: 'Java agents, JetBrains IDEs',
  browser: 'browsers, VS Code',
};

const JAVAS = [8, 11, 17, 21, 25] as const;
/** A client whose answers are measured separately. */
export type Client =
  | 'openssl'
  | 'curl'
  | 'go'
  | `java${(typeof JAVAS)[number]}`
  | 'chrome'
  | 'safari'
  | 'firefox'
  | 'vscode';

/** Every release of Java with long-term support that agents run on. */
export const JAVA = JAVAS.map((release) => `java${release}` as const);
/** Browsers, and VS Code, whose extensions use BoringSSL. */
export const BROWSERS = ['chrome', 'safari', 'firefox', 'vscode'] as const;

export type Java = (typeof JAVA)[number];
export type Browser = (typeof BROWSERS)[number];

const BROWSER_NAMES: Readonly<Record<Browser, readonly string[]>> = {
  chrome: ['Chrome', 'Edge'],
  safari: ['Safari'],
  firefox: ['Firefox'],
  vscode: ['VS Code'],
};

/** The same refusal by several clients: one `Refusal` for each consumer among them. */
export function refusedBy(clients: readonly Client[], what: string): Refusal[] {
  const found: Refusal[] = [];
  const add = (consumer: Consumer, who: string, own: readonly Client[], all: readonly Client[]) =>
    found.push({ consumer, who, what, clients: own, isWhole: own.length === all.length });
  if (clients.includes('openssl')) add('openssl', 'OpenSSL', ['openssl'], ['openssl']);
  else if (clients.includes('curl')) add('openssl', 'curl', ['curl'], ['openssl', 'curl']);
  if (clients.includes('go')) add('go', 'Ingress controllers', ['go'], ['go']);
  const releases = JAVAS.filter((release) => clients.includes(`java${release}`));
  if (releases.length > 0) {
    const who = releases.length === JAVAS.length ? 'agents on Java' : `agents on Java ${range(releases)}`;
    add(
      'java',
      who,
      JAVA.filter((client) => clients.includes(client)),
      JAVA,
    );
  }
  const browsers = BROWSERS.filter((browser) => clients.includes(browser));
  if (browsers.length > 0) {
    add('browser', list(browsers.flatMap((browser) => BROWSER_NAMES[browser])), browsers, BROWSERS);
  }
  return found;
}

/** `8 and 11`; `17 to 25` for three or more releases without a gap. */
function range(releases: readonly number[]): string {
  const [first, last] = [releases[0], releases.at(-1)];
  const between = JAVAS.filter((release) => release >= Number(first) && release <= Number(last));
  return releases.length > 2 && between.length === releases.length
    ? `${first} to ${last}`
    : list(releases.map(String));
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
