import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BROWSERS, type Client, JAVA, refusedBy } from '../../src/clients/refusal.ts';

const who = (...clients: Client[]) =>
  refusedBy(clients, 'a thing').map((refusal) => [refusal.consumer, refusal.who]);

test('one refusal for each consumer, in a fixed order', () => {
  assert.equal(who('chrome', 'java8', 'go', 'openssl'), [
    ['openssl', 'OpenSSL'],
    ['go', 'Ingress controllers'],
    ['java', 'agents on Java 8'],
    ['browser', 'Chrome and Edge'],
  ]);
  assert.equal(
    refusedBy(['go'], 'a thing').map(({ what, clients }) => [what, clients]),
    [['a thing', ['go']]],
  );
  assert.equal(refusedBy([], 'a thing'), []);
});

test('releases of Java as a list, or as a range from three on', () => {
  assert.equal(who('java11', 'java8'), [['java', 'agents on Java 8 and 11']]);
  assert.equal(who('java25', 'java17', 'java21'), [['java', 'agents on Java 17 to 25']]);
  assert.equal(who('java8', 'java17', 'java21'), [['java', 'agents on Java 8, 17 and 21']]);
  assert.equal(who(...JAVA), [['java', 'agents on Java']]);
});

test('browsers, Chrome with Edge', () => {
  assert.equal(who('safari', 'chrome', 'vscode'), [['browser', 'Chrome, Edge, Safari and VS Code']]);
  assert.equal(who(...BROWSERS), [['browser', 'Chrome, Edge, Safari, Firefox and VS Code']]);
});

test('curl is named only where the rest of OpenSSL accepts', () => {
  assert.equal(who('curl'), [['openssl', 'curl']]);
  assert.equal(who('curl', 'openssl'), [['openssl', 'OpenSSL']]);
});

test.run();
