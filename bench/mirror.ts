/** A registry on the loopback address that asks the configured one once and answers from memory from then on. */
import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Mirror {
  /** Without a slash at the end. */
  readonly url: string;
  /** Distinct tarballs that were asked for since this was last called. */
  takeTarballs(): number;
  /** All that were served. */
  tarballs(): Promise<Buffer[]>;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

const ATTEMPTS = 3;

/** Starts one for the registry that npm is configured for. */
export async function startMirror(): Promise<Mirror> {
  const upstream = configuredRegistry();
  const answers = new Map<string, Promise<Answer>>();
  const asked = new Set<string>();
  let url = '';

  async function ask(path: string, accept: string): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(upstream + path, { headers: { accept } }).catch(() => undefined);
      if (response !== undefined && response.status < 500) return answerOf(response);
      if (attempt === ATTEMPTS) throw new Error(`the registry does not give out ${path}`);
    }
  }

  async function answerOf(response: Response): Promise<Answer> {
    const type = response.headers.get('content-type') ?? 'application/octet-stream';
    const body = Buffer.from(await response.arrayBuffer());
    if (!/json/.test(type)) return { status: response.status, type, body };
    const own = body.toString('utf8').replaceAll(`"${upstream}/`, `"${url}/`);
    return { status: response.status, type, body: Buffer.from(own) };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '/', headers } = request;
    if (path.endsWith('.tgz')) asked.add(path);
    const accept = path.endsWith('.tgz') ? '*/*' : (headers.accept ?? '*/*');
    const key = `${accept} ${path}`;
    const known = answers.get(key) ?? ask(path, accept);
    answers.set(key, known);
    known.catch(() => answers.delete(key));
    const { status, type, body } = await known;
    response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    takeTarballs() {
      const { size } = asked;
      asked.clear();
      return size;
    },
    async tarballs() {
      const all = [...answers].filter(([key]) => key.endsWith('.tgz'));
      const got = await Promise.all(all.map(async ([, answer]) => answer));
      return got.filter(({ status }) => status === 200).map(({ body }) => body);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function configuredRegistry(): string {
  const shell = process.platform === 'win32';
  const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', shell });
  return stdout.trim().replace(/\/+$/, '');
}
