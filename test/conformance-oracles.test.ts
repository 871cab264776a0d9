/** The frame around the real clients, with those that need nothing but Node; `npm run clients` asks all of them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askerOf, type Oracle } from './conformance/oracles/index.ts';
import { Loopback } from './conformance/oracles/loopback.ts';
import { source } from './conformance/oracles/programs.ts';
import { Worker } from './conformance/oracles/worker.ts';
import { chain, issue, key, pkcs8 } from './support/pki.ts';

const { leaf, root, pem } = chain();
const FILES = { crt: Buffer.from(pem), key: Buffer.from(pkcs8(leaf.privateKey)) };
const STRANGER = issue({ subject: 'CN=Stranger', ca: true, key: key('p256', 50) });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const loopback = new Loopback();
const node = await Worker.start([process.execPath, source('node-client.mjs')]);
const tried = (files: typeof FILES, host: string, trusted: string) =>
  loopback.tried(files, (port) => node.ask(port, host, base64(trusted)));

test.after(() => node.stop());

test('a program says its version first', () => {
  assert.is(node.version, `${process.versions.node} with OpenSSL ${process.versions.openssl}`);
});

test('a client accepts a pair whose root it trusts and whose host it asked for', async () => {
  const answer = await tried(FILES, 'lightrun.example.com', root.pem);
  assert.equal(answer, { accepts: true, because: '' });
});

test('it refuses, and says why, where it trusts another root or asked for another host', async () => {
  const stranger = await tried(FILES, 'lightrun.example.com', STRANGER.pem);
  assert.is(stranger.accepts, false);
  assert.match(stranger.because, /self-signed certificate in certificate chain/);
  const other = await tried(FILES, 'other.example.com', root.pem);
  assert.is(other.accepts, false);
  assert.match(other.because, /Hostname\/IP does not match/);
});

test('without a host it looks at none', async () => {
  assert.is((await tried(FILES, '', root.pem)).accepts, true);
});

test('many questions at a time get their own answers', async () => {
  const answers = await Promise.all(
    [root, STRANGER, root, STRANGER].map((trusted) => tried(FILES, 'lightrun.example.com', trusted.pem)),
  );
  assert.equal(
    answers.map(({ accepts }) => accepts),
    [true, false, true, false],
  );
});

test('a refusal of TLS 1.2 alone says so', async () => {
  let asked = 0;
  const answer = await loopback.tried({ ...FILES }, async () => {
    asked += 1;
    return asked === 1 ? { accepts: true, because: '' } : { accepts: false, because: 'too old' };
  });
  assert.equal(answer, { accepts: false, because: 'TLS 1.2: too old' });
});

test('where no server can have the pair, no client is asked', async () => {
  const answer = await tried({ ...FILES, key: Buffer.from(pkcs8(key('p256', 51))) }, '', root.pem);
  assert.is(answer.accepts, null);
  assert.match(answer.because, /^no server can use it: .*key values mismatch/);
});

test('a program that is not there, or that fails at its start, is an error with its words', async () => {
  const failure = async (command: string[]): Promise<string> => {
    try {
      await (await Worker.start(command)).stop();
      return 'it started';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await failure(['no-such-program']), /ENOENT/);
  assert.match(await failure([process.execPath, '-e', 'throw new Error("broken")']), /status 1: .*broken/s);
});

test('a program that dies leaves its questions unanswered, not refused', async () => {
  const script = "console.log('version\\t1'); process.stdin.once('data', () => process.exit(3))";
  const dying = await Worker.start([process.execPath, '-e', script]);
  const answer = await dying.ask('question');
  assert.is(answer.accepts, null);
  assert.match(answer.because, /status 3/);
});

test('the same pair is asked about once, another trust is asked about again', async () => {
  const asked: (string | null)[] = [];
  const oracle: Oracle = {
    id: 'counting',
    consumer: 'openssl',
    version: '1',
    ask: async ({ roots }) => {
      asked.push(roots);
      return { accepts: true, because: '' };
    },
    stop: async () => {},
  };
  const ask = askerOf([oracle]);
  const pair = { ...FILES, roots: root.pem, host: null };
  await Promise.all([ask(pair), ask({ ...pair }), ask({ ...pair, roots: STRANGER.pem })]);
  assert.equal(asked, [root.pem, STRANGER.pem]);
});

test.run();
