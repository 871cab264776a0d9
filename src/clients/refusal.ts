/** A consumer of the certificate that reads it itself (`browser` includes VS Code). */
export type Consumer = 'openssl' | 'go' | 'java' | 'browser';

/** One consumer refuses one thing. */
export interface Refusal {
  consumer: Consumer;
  /** Which of them, in users' words: `agents on Java 8 and 11`, `Chrome, Edge and Safari`. */
  who: string;
  /** What it refuses, as a noun phrase without an article at its end: `a negative serial number`. */
  what: string;
}

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

const BROWSER_NAMES: Readonly<Record<(typeof BROWSERS)[number], readonly string[]>> = {
  chrome: ['Chrome', 'Edge'],
  safari: ['Safari'],
  firefox: ['Firefox'],
  vscode: ['VS Code'],
};

/** The same refusal by several clients: one `Refusal` for each consumer among them. */
export function refusedBy(clients: readonly Client[], what: string): Refusal[] {
  const found: Refusal[] = [];
  if (clients.includes('openssl')) found.push({ consumer: 'openssl', who: 'OpenSSL', what });
  else if (clients.includes('curl')) found.push({ consumer: 'openssl', who: 'curl', what });
  if (clients.includes('go')) found.push({ consumer: 'go', who: 'Ingress controllers', what });
  const releases = JAVAS.filter((release) => clients.includes(`java${release}`));
  if (releases.length > 0) found.push({ consumer: 'java', who: `agents on Java ${range(releases)}`, what });
  const browsers = BROWSERS.filter((browser) => clients.includes(browser));
  if (browsers.length > 0) {
    const who = list(browsers.flatMap((browser) => BROWSER_NAMES[browser]));
    found.push({ consumer: 'browser', who, what });
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
