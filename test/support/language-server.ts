import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a language server says of a document, with its line from 0. */
export interface Diagnosis {
  line: number;
  message: string;
}

const SERVER = join(
  dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')),
  'bin',
  'yaml-language-server',
);

/** Opens a document in the language server for YAML, as an editor does (Language Server Protocol 3.17). */
export async function diagnose(file: string, text: string): Promise<Diagnosis[]> {
  const server = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const uri = pathToFileURL(file).href;
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  try {
    return await new Promise((resolve, reject) => {
      let received = Buffer.alloc(0);
      server.on('error', reject);
      server.on('exit', (status) => reject(new Error(`the language server ended with ${status}`)));
      server.stdout.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        for (let body = take(); body !== null; body = take()) answer(JSON.parse(body));
      });

      function take(): string | null {
        const head = received.indexOf('\r\n\r\n');
        const length = Number(
          /Content-Length: (\d+)/.exec(received.subarray(0, Math.max(head, 0)).toString())?.[1],
        );
        if (head < 0 || received.length < head + 4 + length) return null;
        const body = received.subarray(head + 4, head + 4 + length).toString();
        received = received.subarray(head + 4 + length);
        return body;
      }

      // biome-ignore lint/suspicious/noExplicitAny: messages of a protocol
      function answer({ id, method, params }: any): void {
        if (id === 1 && method === undefined) {
          send({ method: 'initialized', params: {} });
          const document = { uri, languageId: 'yaml', version: 1, text };
          send({ method: 'textDocument/didOpen', params: { textDocument: document } });
        } else if (method === 'workspace/configuration') {
          send({
            id,
            result: params.items.map(({ section }: { section: string }) =>
              section === 'yaml' ? { validate: true } : null,
            ),
          });
        } else if (method !== undefined && id !== undefined) {
          send({ id, result: null });
        } else if (method === 'textDocument/publishDiagnostics') {
          resolve(
            params.diagnostics.map(
              ({ range, message }: { range: { start: { line: number } }; message: string }) => ({
                line: range.start.line,
                message,
              }),
            ),
          );
        }
      }

      const capabilities = { workspace: { configuration: true } };
      send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities } });
    });
  } finally {
    server.removeAllListeners();
    server.kill();
  }
}
